import { type TemplateResult, html, svg } from 'lit';
import { type Activation, activations } from '../../src/scratch/activations';

const range = 4;
const scale = 18;
/** Less high than wide, so that all of it is seen. */
const tall = 11;
const above = 46;
const below = 12;

/** What an activation makes of a number between −4 and 4, with points where some units are. */
export function activationCurve(
  activation: Activation,
  points: readonly number[],
  label: string,
): TemplateResult {
  const bend = activations[activation];
  const x = (value: number): number => (value + range) * scale;
  const y = (value: number): number => above - Math.min(above / tall, Math.max(-below / tall, value)) * tall;
  const path = Array.from({ length: 81 }, (_, at) => {
    const value = (at / 80) * 2 * range - range;
    return `${at === 0 ? 'M' : 'L'}${x(value).toFixed(1)} ${y(bend(value)).toFixed(1)}`;
  }).join(' ');
  return html`<svg
    class="curve"
    viewBox="0 0 ${2 * range * scale} ${above + below}"
    width=${2 * range * scale}
    height=${above + below}
    role="img"
    aria-label=${label}
  >
    <title>${label}</title>
    <path class="axis" d="M0 ${above} H${2 * range * scale} M${x(0)} 0 V${above + below}"></path>
    <path class="line" d=${path}></path>
    ${points
      .map((value) => Math.min(range, Math.max(-range, value)))
      .map((value) => svg`<circle cx=${x(value)} cy=${y(bend(value))} r="2.5"></circle>`)}
  </svg>`;
}
