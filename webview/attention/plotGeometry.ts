import type { Extent } from '../common/raster';

/** Where the matrix lies on its canvas, in CSS pixels. */
export interface Plot extends Extent {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Edge of one cell; below one pixel when tokens outnumber pixels. */
  readonly cell: number;
  /** Every how many tokens a label fits. */
  readonly stride: number;
}

export const labelHeight = 13;

/** The largest cells with which all rows and columns fit; whole device pixels when there are enough. */
export function layOut(
  width: number,
  height: number,
  { rows, columns }: Extent,
  left: number,
  top: number,
  ratio: number,
): Plot {
  const across = Math.max(40, width - left - 1) / Math.max(1, columns);
  const down = Math.max(40, height - top - 1) / Math.max(1, rows);
  const room = Math.min(across, down);
  const devicePixels = Math.floor(room * ratio);
  const most = Math.max(rows, columns);
  const cell =
    devicePixels >= 1
      ? Math.min(devicePixels, 44 * ratio) / ratio
      : Math.floor(room * most * ratio) / ratio / most;
  return {
    left,
    top,
    rows,
    columns,
    cell,
    width: cell * columns,
    height: cell * rows,
    stride: Math.max(1, Math.ceil(labelHeight / cell)),
  };
}

/** The row and column at a point of the canvas, or null outside the matrix. */
export function cellAt(plot: Plot, x: number, y: number): { row: number; column: number } | null {
  const column = Math.floor((x - plot.left) / plot.cell);
  const row = Math.floor((y - plot.top) / plot.cell);
  return column >= 0 && row >= 0 && column < plot.columns && row < plot.rows ? { row, column } : null;
}
