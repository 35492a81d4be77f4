import { type Matrix, matrix, rowOf } from './matrix';

/** Columns `start` to before `end` of every row: `[n, m]` → `[n, end − start]`. So a head is cut out. */
export function columnsOf(m: Matrix, start: number, end: number): Matrix {
  const part = matrix(m.rows, end - start);
  for (let row = 0; row < m.rows; row++) {
    rowOf(part, row).set(rowOf(m, row).subarray(start, end));
  }
  return part;
}

/** Puts matrices with the same number of rows side by side; "Concat" of Vaswani et al. 2017, section 3.2.2. */
export function concatColumns(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const joined = matrix(
    rows,
    parts.reduce((sum, { columns }) => sum + columns, 0),
  );
  for (let row = 0; row < rows; row++) {
    let start = 0;
    for (const part of parts) {
      rowOf(joined, row).set(rowOf(part, row), start);
      start += part.columns;
    }
  }
  return joined;
}
