import { fitText } from '../common/canvas';
import { colorize, resample } from '../common/raster';
import type { Theme } from '../common/theme';
import type { HeadMatrix } from './headMatrix';
import type { Plot } from './plotGeometry';

/** Labels of nothing but ideographs, kana and their punctuation. */
const ideographic = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]+$/u;
const lineHeight = 12;

/** Paints weights and axis labels: everything that does not follow the pointer. */
export function paintMatrix(
  context: CanvasRenderingContext2D,
  matrix: HeadMatrix,
  plot: Plot,
  labels: readonly string[],
  theme: Theme,
  ratio: number,
): void {
  const px = Math.round(plot.edge * ratio);
  const values = new Float32Array(px * px);
  resample(matrix.weights, 0, matrix.size, px, values);
  const image = new ImageData(px, px);
  colorize(values, px, matrix.max, theme.ramp.pixels, new Uint32Array(image.data.buffer), 0, px);
  context.putImageData(image, Math.round(plot.left * ratio), Math.round(plot.top * ratio));
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.strokeRect(plot.left - 0.5, plot.top - 0.5, plot.edge + 1, plot.edge + 1);
  context.fillStyle = theme.muted;
  context.font = `11px ${theme.font}`;
  for (let index = 0; index < plot.count; index += plot.stride) {
    drawLabel(context, plot, labels[index] ?? '', index, 'query');
    drawLabel(context, plot, labels[index] ?? '', index, 'key');
  }
}

/** Paints what follows the pointer: the pinned row, the cross-hair and the two labels it meets. */
export function paintMatrixOverlay(
  context: CanvasRenderingContext2D,
  plot: Plot,
  labels: readonly string[],
  theme: Theme,
  focus: { readonly query: number | null; readonly key: number | null; readonly pinned: number | null },
): void {
  const band = Math.max(plot.cell, 2);
  const outline = (x: number, y: number, width: number, height: number): void => {
    context.lineWidth = 3;
    context.strokeStyle = theme.background;
    context.strokeRect(x, y, width, height);
    context.lineWidth = 1.5;
    context.strokeStyle = theme.highContrast ? theme.focus : theme.foreground;
    context.strokeRect(x, y, width, height);
  };
  for (const row of new Set([focus.pinned, focus.query])) {
    if (row !== null) {
      outline(plot.left, plot.top + row * plot.cell, plot.edge, band);
      markLabel(context, plot, labels[row] ?? '', row, 'query', theme);
    }
  }
  if (focus.key !== null) {
    outline(plot.left + focus.key * plot.cell, plot.top, band, plot.edge);
    markLabel(context, plot, labels[focus.key] ?? '', focus.key, 'key', theme);
  }
}

function drawLabel(
  context: CanvasRenderingContext2D,
  plot: Plot,
  label: string,
  index: number,
  axis: 'query' | 'key',
): void {
  const middle = (index + 0.5) * plot.cell;
  context.save();
  context.textBaseline = 'middle';
  if (axis === 'query') {
    context.textAlign = 'right';
    context.fillText(fitText(context, label, plot.left - 8), plot.left - 5, plot.top + middle);
  } else if (ideographic.test(label)) {
    // Written downwards, as Chinese is; turned by 90° its characters would lie on their side.
    context.textAlign = 'center';
    const characters = [...label].slice(0, Math.max(1, Math.floor((plot.top - 8) / lineHeight)));
    characters.reverse().forEach((character, fromBelow) => {
      context.fillText(character, plot.left + middle, plot.top - 5 - (fromBelow + 0.5) * lineHeight);
    });
  } else {
    context.textAlign = 'left';
    context.translate(plot.left + middle, plot.top - 5);
    context.rotate(-Math.PI / 2);
    context.fillText(fitText(context, label, plot.top - 8), 0, 0);
  }
  context.restore();
}

/** A label on a plate of its own, so that it can be read above its neighbours. */
function markLabel(
  context: CanvasRenderingContext2D,
  plot: Plot,
  label: string,
  index: number,
  axis: 'query' | 'key',
  theme: Theme,
): void {
  const middle = (index + 0.5) * plot.cell;
  context.fillStyle = theme.background;
  context.strokeStyle = theme.focus;
  context.lineWidth = 1;
  if (axis === 'query') {
    context.fillRect(0, plot.top + middle - 8, plot.left - 2, 16);
    context.strokeRect(0.5, plot.top + middle - 8, plot.left - 3, 16);
  } else {
    context.fillRect(plot.left + middle - 8, 0, 16, plot.top - 2);
    context.strokeRect(plot.left + middle - 8, 0.5, 16, plot.top - 3);
  }
  context.fillStyle = theme.foreground;
  context.font = `11px ${theme.font}`;
  drawLabel(context, plot, label, index, axis);
}
