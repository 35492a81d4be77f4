/** Where the matrix lies on its canvas, in CSS pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  /** Edge of the square. */
  readonly edge: number;
  /** Edge of one cell; below one pixel when tokens outnumber pixels. */
  readonly cell: number;
  readonly count: number;
  /** Every how many tokens a label fits. */
  readonly stride: number;
}

export const labelHeight = 13;

/** The largest square for `count` tokens; cells are whole device pixels when there are pixels enough. */
export function layOut(
  width: number,
  height: number,
  count: number,
  left: number,
  top: number,
  ratio: number,
): Plot {
  const room = Math.max(40, Math.min(width - left - 1, height - top - 1));
  const devicePixels = Math.floor((room * ratio) / count);
  const cell =
    devicePixels >= 1 ? Math.min(devicePixels, 44 * ratio) / ratio : Math.floor(room * ratio) / ratio / count;
  return { left, top, edge: cell * count, cell, count, stride: Math.max(1, Math.ceil(labelHeight / cell)) };
}

/** The cell at a point of the canvas, or null outside the square. */
export function cellAt(plot: Plot, x: number, y: number): { query: number; key: number } | null {
  const key = Math.floor((x - plot.left) / plot.cell);
  const query = Math.floor((y - plot.top) / plot.cell);
  return key >= 0 && query >= 0 && key < plot.count && query < plot.count ? { query, key } : null;
}
