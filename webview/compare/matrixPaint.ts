import { fitText } from '../common/canvas';
import { colorize, resample } from '../common/raster';
import type { Theme } from '../common/theme';
import type { AxisUnit, Cell } from './axes';

/** What a matrix is painted from. */
export interface MatrixScene {
  readonly axis: readonly AxisUnit[];
  /** Row-major `[units, units]`. */
  readonly weights: Float32Array;
  /** The weight at the end of the colour scale. */
  readonly max: number;
  /** A causal mask hides what stands behind the query. */
  readonly causal: boolean;
}

/** Where the matrix lies, in CSS pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
  readonly edge: number;
  readonly bottom: number;
}

/** Labels of nothing but ideographs, kana and their punctuation. */
const ideographic = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]+$/u;
const lineHeight = 12;
const largestEdge = 420;
const largestCell = 40;

export function layOutMatrix(
  context: CanvasRenderingContext2D,
  { axis }: MatrixScene,
  theme: Theme,
  width: number,
  ratio: number,
): Plot {
  context.font = `11px ${theme.font}`;
  const widest = Math.max(0, ...axis.map(({ label }) => context.measureText(label).width));
  const margin = Math.round(Math.max(24, Math.min(widest + 12, width * 0.24, 84)));
  const count = Math.max(1, axis.length);
  const room = Math.min(width - margin - 2, largestEdge) / count;
  const devicePixels = Math.floor(room * ratio);
  const cell = devicePixels >= 1 ? Math.min(devicePixels / ratio, largestCell) : room;
  const edge = cell * count;
  return { left: margin, top: margin, cell, edge, bottom: Math.ceil(margin + edge + 2) };
}

/** Paints weights, the mask and axis labels: everything that does not follow the pointer. */
export function paintMatrix(
  context: CanvasRenderingContext2D,
  scene: MatrixScene,
  theme: Theme,
  plot: Plot,
  ratio: number,
): void {
  const { axis, weights, max } = scene;
  const { left, top, edge } = plot;
  const pixels = Math.max(1, Math.round(edge * ratio));
  const from = { rows: axis.length, columns: axis.length };
  const to = { rows: pixels, columns: pixels };
  const values = new Float32Array(pixels * pixels);
  resample(weights, 0, from, to, values);
  const image = new ImageData(pixels, pixels);
  colorize(values, to, max, theme.ramp.pixels, new Uint32Array(image.data.buffer), 0, pixels);
  context.putImageData(image, Math.round(left * ratio), Math.round(top * ratio));
  if (scene.causal) {
    hatch(context, scene, theme, plot);
  }
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, edge + 1, edge + 1);
  context.fillStyle = theme.muted;
  context.font = `11px ${theme.font}`;
  const stride = Math.max(1, Math.ceil(13 / plot.cell));
  for (let index = 0; index < axis.length; index += stride) {
    rowLabel(context, plot, axis[index]?.label ?? '', index);
    columnLabel(context, plot, axis[index]?.label ?? '', index);
  }
}

/** Whether the mask forbids every token of the row to look at any of the column. */
export function isBlocked(query: AxisUnit, key: AxisUnit): boolean {
  return key.group.start >= query.group.end;
}

/** Diagonal lines over all that a row may not look at. */
function hatch(
  context: CanvasRenderingContext2D,
  { axis }: MatrixScene,
  theme: Theme,
  { left, top, cell, edge }: Plot,
): void {
  context.save();
  context.beginPath();
  axis.forEach((query, row) => {
    const first = axis.findIndex((key) => isBlocked(query, key));
    if (first >= 0) {
      context.rect(left + first * cell, top + row * cell, edge - first * cell, cell);
    }
  });
  context.clip();
  context.strokeStyle = theme.muted;
  context.globalAlpha = theme.highContrast ? 0.8 : 0.35;
  context.lineWidth = 1;
  context.beginPath();
  for (let offset = -edge; offset < edge; offset += 7) {
    context.moveTo(left + offset, top + edge);
    context.lineTo(left + offset + edge, top);
  }
  context.stroke();
  context.restore();
}

/** Paints what follows the pointer: the cell's row and column, or units that are pointed at elsewhere. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  { axis }: MatrixScene,
  theme: Theme,
  plot: Plot,
  cell: Cell | null,
  units: readonly number[],
): void {
  const { left, top, edge } = plot;
  const band = Math.max(plot.cell, 2);
  const outline = (x: number, y: number, width: number, height: number): void => {
    context.lineWidth = 3;
    context.strokeStyle = theme.background;
    context.strokeRect(x, y, width, height);
    context.lineWidth = 1.5;
    context.strokeStyle = theme.highContrast ? theme.focus : theme.foreground;
    context.strokeRect(x, y, width, height);
  };
  const plate = (index: number, isRow: boolean): void => {
    const middle = (index + 0.5) * plot.cell;
    context.fillStyle = theme.background;
    context.strokeStyle = theme.focus;
    context.lineWidth = 1;
    const box: [number, number, number, number] = isRow
      ? [0.5, top + middle - 8, left - 3, 16]
      : [left + middle - 8, 0.5, 16, top - 3];
    context.fillRect(...box);
    context.strokeRect(...box);
    context.fillStyle = theme.foreground;
    context.font = `11px ${theme.font}`;
    (isRow ? rowLabel : columnLabel)(context, plot, axis[index]?.label ?? '', index);
  };
  for (const row of cell ? [cell.row] : units) {
    outline(left, top + row * plot.cell, edge, band);
    plate(row, true);
  }
  if (cell) {
    outline(left + cell.column * plot.cell, top, band, edge);
    plate(cell.column, false);
  }
}

function rowLabel(
  context: CanvasRenderingContext2D,
  { left, top, cell }: Plot,
  label: string,
  index: number,
): void {
  context.save();
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillText(fitText(context, label, left - 8), left - 5, top + (index + 0.5) * cell);
  context.restore();
}

function columnLabel(
  context: CanvasRenderingContext2D,
  { left, top, cell }: Plot,
  label: string,
  index: number,
): void {
  const middle = left + (index + 0.5) * cell;
  context.save();
  context.textBaseline = 'middle';
  if (ideographic.test(label)) {
    // Written downwards, as Chinese is; turned by 90° its characters would lie on their side.
    context.textAlign = 'center';
    const characters = [...label].slice(0, Math.max(1, Math.floor((top - 8) / lineHeight)));
    characters.reverse().forEach((character, fromBelow) => {
      context.fillText(character, middle, top - 5 - (fromBelow + 0.5) * lineHeight);
    });
  } else {
    context.textAlign = 'left';
    context.translate(middle, top - 5);
    context.rotate(-Math.PI / 2);
    context.fillText(fitText(context, label, top - 8), 0, 0);
  }
  context.restore();
}
