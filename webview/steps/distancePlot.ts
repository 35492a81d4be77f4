import { type TemplateResult, html, nothing, svg } from 'lit';
import { numberText } from '../common/numberText';

export interface DistanceLine {
  readonly name: string;
  /** Where the first value stands on the axis; the others follow one by one. */
  readonly from: number;
  readonly values: Float32Array;
}

const width = 300;
const height = 90;
const bottom = 14;

/** Lines over a distance, the second dashed, with the ends of both axes written at them. */
export function distancePlot(lines: readonly DistanceLine[], label: string): TemplateResult {
  const known = lines.flatMap(({ values }) => [...values].filter((value) => !Number.isNaN(value)));
  const most = Math.max(...known, 0);
  const least = Math.min(...known, 0);
  const first = Math.min(...lines.map(({ from }) => from));
  const last = Math.max(...lines.map(({ from, values }) => from + values.length - 1), first + 1);
  const x = (distance: number): number => ((distance - first) / (last - first)) * (width - 4) + 2;
  const y = (value: number): number =>
    4 + ((most - value) / Math.max(most - least, Number.MIN_VALUE)) * (height - bottom - 8);
  const path = ({ from, values }: DistanceLine): string =>
    [...values]
      .map((value, at) => (Number.isNaN(value) ? '' : `${x(from + at).toFixed(1)} ${y(value).toFixed(1)}`))
      .filter(Boolean)
      .map((point, at) => `${at === 0 ? 'M' : 'L'}${point}`)
      .join(' ');
  return html`<figure class="distance">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${label}>
      <title>${label}</title>
      <path
        class="axis"
        d="M0 ${y(0)} H${width}${first < 0 && last > 0 ? ` M${x(0)} 0 V${height - bottom}` : ''}"
      ></path>
      ${lines.map((line, place) => svg`<path class="line ${place === 0 ? 'first' : 'second'}" d=${path(line)}></path>`)}
      <text x="2" y=${height - 2}>${signed(first)}</text>
      <text x=${width - 2} y=${height - 2} text-anchor="end">${signed(last)}</text>
      ${first < 0 && last > 0 ? svg`<text x=${x(0)} y=${height - 2} text-anchor="middle">0</text>` : nothing}
      <text x="4" y="12">${numberText(most)}</text>
    </svg>
    <figcaption>
      ${label}
      ${
        lines.length > 1
          ? html`<span class="key first">${lines[0]?.name}</span>
              <span class="key second">${lines[1]?.name}</span>`
          : nothing
      }
    </figcaption>
  </figure>`;
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}
