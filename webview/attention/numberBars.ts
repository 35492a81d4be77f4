import { type TemplateResult, html, svg } from 'lit';

/** Height of the picture in its own units; the zero line lies where the largest and smallest bars leave it. */
const height = 40;

/** Numbers of both signs as bars from a zero line; the label is their text equivalent. */
export function signedBars(values: Float32Array, label: string): TemplateResult {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  const least = values.reduce((smallest, value) => Math.min(smallest, value), 0);
  const unit = height / Math.max(most - least, Number.MIN_VALUE);
  const zero = most * unit;
  return html`<svg
    class="signed-bars"
    viewBox="0 0 ${values.length} ${height}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${Array.from(values, (value, place) => {
      const tall = Math.abs(value) * unit;
      return svg`<rect
        class=${value < 0 ? 'negative' : 'positive'}
        x=${place + 0.1}
        width="0.8"
        y=${value < 0 ? zero : zero - tall}
        height=${tall}
      ></rect>`;
    })}
    <line x1="0" x2=${values.length} y1=${zero} y2=${zero}></line>
  </svg>`;
}
