/**
 * A table of numbers. Row after row in one array: the element in row `i` and column `j` is `data[i * columns + j]`.
 * In this folder a text is a matrix with one row a token, and shapes in comments are `[rows, columns]`.
 */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/**
 * @param data row after row; zeros when it is left out
 * @throws {RangeError} when there are not rows × columns numbers
 */
export function matrix(
  rows: number,
  columns: number,
  data: Float32Array = new Float32Array(rows * columns),
): Matrix {
  if (data.length !== rows * columns) {
    throw new RangeError(`[${rows}, ${columns}] takes ${rows * columns} numbers, not ${data.length}`);
  }
  return { rows, columns, data };
}

/** A matrix written down as its rows, which are equally long. */
export function fromRows(rows: readonly (readonly number[])[]): Matrix {
  return matrix(rows.length, rows[0]?.length ?? 0, Float32Array.from(rows.flat()));
}

/** Row `at` as a view: what is written to it is written to the matrix. */
export function rowOf({ columns, data }: Matrix, at: number): Float32Array {
  return data.subarray(at * columns, (at + 1) * columns);
}

/** Rows become columns: `[n, m]` → `[m, n]`. */
export function transpose(m: Matrix): Matrix {
  const turned = matrix(m.columns, m.rows);
  for (let row = 0; row < m.rows; row++) {
    for (let column = 0; column < m.columns; column++) {
      turned.data[column * m.rows + row] = m.data[row * m.columns + column]!;
    }
  }
  return turned;
}
