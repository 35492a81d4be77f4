import { type TemplateResult, html, nothing, svg } from 'lit';
import { ref } from 'lit/directives/ref.js';

export interface PlotLine {
  readonly className: string;
  /** Steps, and what belongs to them. */
  readonly points: readonly (readonly [step: number, value: number])[];
}

export interface PlotOptions {
  readonly title: string;
  /** What it says in one sentence. */
  readonly summary: string;
  readonly lines: readonly PlotLine[];
  /** The right end of the axis of steps. */
  readonly lastStep: number;
  readonly largest: number;
  readonly largestText: string;
  readonly chance: { readonly value: number; readonly text: string };
  /** The step that is looked back at. */
  readonly marked: number | null;
  /** The name of the last step. */
  readonly lastText: string;
}

/** A small plot over steps, with guessing as a line. It stretches with the page; its texts do not. */
export function plot(options: PlotOptions): TemplateResult {
  const { title, summary, lines, lastStep, largest, largestText, chance, marked, lastText } = options;
  const x = (step: number): number => (100 * step) / lastStep;
  const y = (value: number): number => 100 - 100 * Math.max(0, Math.min(1, value / largest));
  const path = (points: PlotLine['points']): string =>
    points.map(([step, value]) => `${x(step).toFixed(2)},${y(value).toFixed(2)}`).join(' ');
  const height = y(chance.value);
  return html`<figure class="plot">
    <figcaption>${title}</figcaption>
    <div class="plot-area" role="img" aria-label=${summary}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <line class="chance-line" x1="0" x2="100" y1=${height} y2=${height} />
        ${lines.map(({ className, points }) => svg`<polyline class=${className} points=${path(points)} />`)}
        ${marked === null ? nothing : svg`<line class="marked-line" x1=${x(marked)} x2=${x(marked)} y1="0" y2="100" />`}
      </svg>
      <span class="plot-largest">${largestText}</span>
      <span
        class="chance-text"
        ${ref((label) => {
          // A style attribute would be inline style, which the page's policy forbids; a property is none.
          (label as HTMLElement | undefined)?.style.setProperty('top', `${height}%`);
        })}
        >${chance.text}</span
      >
    </div>
    <div class="plot-steps"><span>0</span><span>${lastText}</span></div>
  </figure>`;
}

/** Averages over the neighbours of each step, so that the way down is seen through the noise of single batches. */
export function smoothed(values: readonly number[]): number[] {
  return values.map((_, at) => {
    const near = values.slice(Math.max(0, at - neighbours), at + neighbours + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
const neighbours = 4;

/** At most `most` points that follow a curve: each the mean of its neighbours. */
export function thinned(values: readonly number[], most = 300): [step: number, value: number][] {
  const size = Math.max(1, Math.ceil(values.length / most));
  const points: [number, number][] = [];
  for (let start = 0; start < values.length; start += size) {
    const part = values.slice(start, start + size);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    points.push([start + (part.length + 1) / 2, mean]);
  }
  return points;
}
