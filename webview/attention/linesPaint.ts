import { fitText } from '../common/canvas';
import { cssColor, rampIndex } from '../common/ramp';
import type { Theme } from '../common/theme';
import type { Link } from './headMatrix';
import type { AxisLabels } from './matrixPaint';

export interface LinesScene {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly rowHeight: number;
  readonly labels: AxisLabels;
  /** By row and column, weakest first. */
  readonly links: readonly Link[];
  readonly max: number;
  /** The rows and columns that are pointed at. */
  readonly marked: Readonly<Record<'query' | 'key', ReadonlySet<number>>>;
}

/** Paints what of the two columns and their lines can be seen at this scroll position. */
export function paintLines(context: CanvasRenderingContext2D, scene: LinesScene, theme: Theme): void {
  const column = columnWidth(scene.width);
  const { rowHeight } = scene;
  const yOf = (index: number): number => (index + 0.5) * rowHeight - scene.scrollTop;
  context.font = `12px ${theme.font}`;
  context.textBaseline = 'middle';
  const left = column + 4;
  const right = scene.width - column - 4;
  context.lineCap = 'round';
  for (const link of scene.links) {
    const from = yOf(link.query);
    const to = yOf(link.key);
    if (Math.max(from, to) < 0 || Math.min(from, to) > scene.height) {
      continue;
    }
    const share = scene.max > 0 ? link.weight / scene.max : 0;
    // Hundreds of faint lines would add up to a cloud that looks like weight.
    if (share < 0.02) {
      continue;
    }
    // From a quarter of the scale on, or the weakest lines would have the colour of the background.
    const color = theme.ramp.colors[Math.round(80 + 0.686 * rampIndex(link.weight, scene.max))] ?? [0, 0, 0];
    context.strokeStyle = cssColor(color, 0.1 + 0.9 * share);
    context.lineWidth = 0.5 + 2.5 * share;
    context.beginPath();
    context.moveTo(left, from);
    const bend = (right - left) / 3;
    context.bezierCurveTo(left + bend, from, right - bend, to, right, to);
    context.stroke();
  }
  const first = Math.max(0, Math.floor(scene.scrollTop / rowHeight));
  const bottom = Math.ceil((scene.scrollTop + scene.height) / rowHeight);
  for (const side of ['query', 'key'] as const) {
    const last = Math.min(scene.labels[side].length - 1, bottom);
    for (let index = first; index <= last; index++) {
      const text = fitText(context, scene.labels[side][index] ?? '', column - 4);
      const marked = scene.marked[side].has(index);
      const x = side === 'query' ? 0 : scene.width - column;
      if (marked) {
        context.fillStyle = theme.background;
        context.fillRect(x, yOf(index) - rowHeight / 2, column, rowHeight);
        context.strokeStyle = theme.focus;
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, yOf(index) - rowHeight / 2 + 0.5, column - 1, rowHeight - 1);
      }
      context.fillStyle = marked ? theme.foreground : theme.muted;
      context.textAlign = side === 'query' ? 'right' : 'left';
      context.fillText(text, side === 'query' ? column - 2 : x + 2, yOf(index));
    }
  }
}

export function columnWidth(width: number): number {
  return Math.max(48, Math.min(110, Math.round(width * 0.28)));
}
