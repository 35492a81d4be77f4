import { type TemplateResult, html, nothing, svg } from 'lit';

export interface Bar {
  readonly label: string;
  /** Of the bar's length, 0 to 1. */
  readonly share: number;
  readonly value: string;
  readonly title?: string;
  /** The one that stands in the text, or was right. */
  readonly marked?: boolean;
}

/** A list of bars: name, length, number. The numbers are the text equivalent. */
export function barList(
  bars: readonly Bar[],
  label: string,
  kind: 'left' | 'right' | '' = '',
): TemplateResult {
  return html`<ul class="bars ${kind}" aria-label=${label}>
    ${bars.map(
      (bar) =>
        html`<li class=${bar.marked ? 'marked' : ''} title=${bar.title ?? nothing}>
          <bdi>${bar.label}</bdi>${barPicture(bar.share)}<span>${bar.value}</span>
        </li>`,
    )}
  </ul>`;
}

/** A bar alone, for cells of tables. */
export function barPicture(share: number): TemplateResult {
  const width = 100 * Math.max(0, Math.min(1, share));
  return html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="fill" width=${width} height="6" />
  </svg>`;
}

/** A share with its 95 % interval. */
export function intervalPicture(
  share: number,
  { low, high }: { readonly low: number; readonly high: number },
  label: string,
): TemplateResult {
  const x = (value: number): number => 200 * value;
  return html`<svg class="interval-bar" viewBox="-2 0 204 18" role="img" aria-label=${label}>
    ${svg`<rect class="rail" width="200" height="18"/><rect class="fill" width=${x(share)} height="18"/>
    <path class="interval" d=${`M${x(low)} 9H${x(high)}M${x(low)} 4v10M${x(high)} 4v10`}/>`}
  </svg>`;
}

/** A step of a colour scale that is drawn as unit squares. */
export function colorStep(index: number, color: string): TemplateResult {
  return svg`<rect x=${index} width="1.05" height="1" fill=${color} />`;
}
