import { type Matrix, matrix } from './matrix';

/**
 * Weights from the integers that stand for them: `(integer − zeroPoint) · scale`.
 * @param integers `[n, m]`
 * @param scales one for all, `[1, 1]`; one a column, `[1, m]`; or one a row, `[n, 1]`
 * @param zeroPoints of one of the same shapes; the integer that stands for 0, 0 when left out
 * @throws {RangeError} for scales of another shape
 */
export function dequantize(integers: Matrix, scales: Matrix, zeroPoints?: Matrix): Matrix {
  const scaleAt = spread(scales, integers);
  const zeroAt = zeroPoints ? spread(zeroPoints, integers) : () => 0;
  const weights = matrix(integers.rows, integers.columns);
  for (let row = 0; row < integers.rows; row++) {
    for (let column = 0; column < integers.columns; column++) {
      const at = row * integers.columns + column;
      weights.data[at] = (integers.data[at]! - zeroAt(row, column)) * scaleAt(row, column);
    }
  }
  return weights;
}

/** Which of the few numbers belongs to an element. */
function spread({ rows, columns, data }: Matrix, over: Matrix): (row: number, column: number) => number {
  const fits = (length: number, of: number): boolean => length === 1 || length === of;
  if (!fits(rows, over.rows) || !fits(columns, over.columns)) {
    throw new RangeError(`scales [${rows}, ${columns}] do not fit [${over.rows}, ${over.columns}]`);
  }
  return (row, column) => data[(rows === 1 ? 0 : row * columns) + (columns === 1 ? 0 : column)]!;
}
