import { type TemplateResult, html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { prepareCanvas } from '../common/canvas';
import { fill } from '../common/format';
import { numberText } from '../common/numberText';

const height = 26;

/** What strips share: which number is followed, and how another is chosen. */
export interface StripContext {
  readonly strings: AttentionStrings;
  readonly dimension: number;
  choose(dimension: number): void;
}

/**
 * A vector as a strip of bars from a zero line, the followed number marked; a click follows another, as typing its number does.
 * @param follows whether its places are the numbers of the token's vector; units of the feed-forward layer are not
 */
export function vectorStrip(
  name: string,
  values: Float32Array,
  { strings, dimension, choose }: StripContext,
  follows = true,
): TemplateResult {
  const value = values[dimension] ?? 0;
  const size = Math.sqrt(values.reduce((sum, each) => sum + each * each, 0));
  const label = fill(
    strings.stepsVector,
    name,
    values.length,
    numberText(size),
    dimension,
    follows ? numberText(value) : '–',
  );
  const pick = (event: MouseEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const place = Math.floor(((event.clientX - left) / width) * values.length);
    choose(Math.min(values.length - 1, Math.max(0, place)));
  };
  return html`<div class="strip-row">
    <div class="strip-name">
      <span>${name}</span>${follows ? html`<span class="number">${numberText(value)}</span>` : ''}
    </div>
    <canvas
      class="vector ${follows ? 'follows' : ''}"
      role="img"
      aria-label=${label}
      title=${label}
      aria-controls=${follows ? 'followed-number' : nothing}
      @click=${follows ? pick : undefined}
      ${ref((canvas) => {
        if (canvas instanceof HTMLCanvasElement) {
          requestAnimationFrame(() => {
            paint(canvas, values, follows ? dimension : -1);
          });
        }
      })}
    ></canvas>
  </div>`;
}

/** One column a pixel at least; where several numbers share one, the largest and the smallest of them are drawn. */
function paint(canvas: HTMLCanvasElement, values: Float32Array, marked: number): void {
  const width = canvas.parentElement?.clientWidth ?? 0;
  if (width === 0) {
    return;
  }
  const context = prepareCanvas(canvas, width, height);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), Number.MIN_VALUE);
  const zero = height / 2;
  const columns = Math.min(values.length, Math.floor(width));
  const wide = width / columns;
  const gap = wide > 3 ? 1 : 0;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    const some = values.subarray(from, to);
    const up = Math.max(0, ...some);
    const down = Math.min(0, ...some);
    context.fillStyle = colour('--strip-positive');
    context.fillRect(column * wide, zero - (up / most) * zero, wide - gap, (up / most) * zero);
    context.fillStyle = colour('--strip-negative');
    context.fillRect(column * wide, zero, wide - gap, (-down / most) * zero);
  }
  context.fillStyle = colour('--strip-line');
  context.fillRect(0, zero - 0.5, width, 1);
  if (marked >= 0) {
    const at = ((marked + 0.5) / values.length) * width;
    context.fillStyle = style.color;
    context.fillRect(at - 0.75, 0, 1.5, height);
    context.beginPath();
    context.moveTo(at - 4, 0);
    context.lineTo(at + 4, 0);
    context.lineTo(at, 5);
    context.fill();
  }
}
