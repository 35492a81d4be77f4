import { fitText } from '../common/canvas';
import { colorize, resample } from '../common/raster';
import type { Theme } from '../common/theme';
import type { HeadMatrix } from './headMatrix';
import type { Plot } from './plotGeometry';

/** Names of the rows and of the columns. */
export interface AxisLabels {
  readonly query: readonly string[];
  readonly key: readonly string[];
}

/** Labels of nothing but ideographs, kana and their punctuation. */
const ideographic = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]+$/u;
const lineHeight = 12;

/** Paints weights and axis labels: everything that does not follow the pointer. */
export function paintMatrix(
  context: CanvasRenderingContext2D,
  matrix: HeadMatrix,
  /** The weight at the end of the colour scale. */
  max: number,
  plot: Plot,
  labels: AxisLabels,
  theme: Theme,
  ratio: number,
): void {
  const pixels = { rows: Math.round(plot.height * ratio), columns: Math.round(plot.width * ratio) };
  const values = new Float32Array(pixels.rows * pixels.columns);
  resample(matrix.weights, 0, plot, pixels, values);
  const image = new ImageData(pixels.columns, pixels.rows);
  const target = new Uint32Array(image.data.buffer);
  colorize(values, pixels, max, theme.ramp.pixels, target, 0, pixels.columns);
  context.putImageData(image, Math.round(plot.left * ratio), Math.round(plot.top * ratio));
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.strokeRect(plot.left - 0.5, plot.top - 0.5, plot.width + 1, plot.height + 1);
  context.fillStyle = theme.muted;
  context.font = `11px ${theme.font}`;
  for (const axis of ['query', 'key'] as const) {
    for (let index = 0; index < labels[axis].length; index += plot.stride) {
      drawLabel(context, plot, labels[axis][index] ?? '', index, axis);
    }
  }
}

/** Paints what follows the pointer: the rows and columns that are pinned or pointed at, and their labels. */
export function paintMatrixOverlay(
  context: CanvasRenderingContext2D,
  plot: Plot,
  labels: AxisLabels,
  theme: Theme,
  marked: { readonly rows: readonly number[]; readonly columns: readonly number[] },
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
  for (const row of marked.rows) {
    outline(plot.left, plot.top + row * plot.cell, plot.width, band);
    markLabel(context, plot, labels.query[row] ?? '', row, 'query', theme);
  }
  for (const column of marked.columns) {
    outline(plot.left + column * plot.cell, plot.top, band, plot.height);
    markLabel(context, plot, labels.key[column] ?? '', column, 'key', theme);
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
