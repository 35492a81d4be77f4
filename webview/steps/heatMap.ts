import { type TemplateResult, html } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { prepareCanvas } from '../common/canvas';
import { rampIndex } from '../common/ramp';
import { readTheme } from '../common/theme';

export interface HeatMap {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Weights run from 0 to their largest on the page's own scale; other numbers have two colours, by sign. */
  readonly kind: 'weights' | 'signed';
  readonly label: string;
  readonly caption: string;
  /** Height in pixels; the width is what there is. */
  readonly height: number;
  readonly max?: number;
}

/** A table of numbers as a picture. */
export function heatMap(map: HeatMap): TemplateResult {
  return html`<figure class="heat">
    <canvas
      role="img"
      aria-label=${map.label}
      title=${map.label}
      ${ref((canvas) => {
        if (canvas instanceof HTMLCanvasElement) {
          requestAnimationFrame(() => {
            paint(canvas, map);
          });
        }
      })}
    ></canvas>
    <figcaption>${map.caption}</figcaption>
  </figure>`;
}

function paint(canvas: HTMLCanvasElement, { values, rows, columns, kind, height, max }: HeatMap): void {
  const width = canvas.parentElement?.clientWidth ?? 0;
  if (width === 0) {
    return;
  }
  const context = prepareCanvas(canvas, width, height);
  const { ramp } = readTheme();
  const style = getComputedStyle(canvas);
  const positive = style.getPropertyValue('--strip-positive').trim() || style.color;
  const negative = style.getPropertyValue('--strip-negative').trim() || style.color;
  const most = max ?? values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  // Where several cells share a pixel, the nearest is drawn: a picture of a table is no measurement.
  const across = Math.min(columns, Math.floor(width));
  const down = Math.min(rows, Math.floor(height));
  const [wide, tall] = [width / across, height / down];
  for (let y = 0; y < down; y++) {
    const row = Math.floor(((y + 0.5) * rows) / down);
    for (let x = 0; x < across; x++) {
      const value = values[row * columns + Math.floor(((x + 0.5) * columns) / across)] ?? 0;
      if (kind === 'weights') {
        const [r, g, b] = ramp.colors[rampIndex(value, most)] ?? [0, 0, 0];
        context.fillStyle = `rgb(${r} ${g} ${b})`;
        context.globalAlpha = 1;
      } else {
        context.fillStyle = value < 0 ? negative : positive;
        // Most numbers are far from the largest, and would hardly show in proportion.
        context.globalAlpha = Math.min(1, Math.abs(value) / Math.max(most, Number.MIN_VALUE)) ** 0.6;
      }
      // Half a pixel of overlap, or the background shows through as a grid.
      context.fillRect(x * wide, y * tall, wide + 0.5, tall + 0.5);
    }
  }
  context.globalAlpha = 1;
}
