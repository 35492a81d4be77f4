import { type Matrix, matrix } from './matrix';

/** Applies a function to every element by itself. */
export function mapElements(m: Matrix, each: (value: number) => number): Matrix {
  return matrix(m.rows, m.columns, m.data.map(each));
}

/** A + B, element by element. @throws {RangeError} when the shapes differ */
export function add(a: Matrix, b: Matrix): Matrix {
  requireSameShape(a, b);
  return matrix(
    a.rows,
    a.columns,
    a.data.map((value, at) => value + b.data[at]!),
  );
}

/** A ⊙ B, element by element (not the matrix product). @throws {RangeError} when the shapes differ */
export function multiplyElements(a: Matrix, b: Matrix): Matrix {
  requireSameShape(a, b);
  return matrix(
    a.rows,
    a.columns,
    a.data.map((value, at) => value * b.data[at]!),
  );
}

/** Every element times one number. */
export function scale(m: Matrix, factor: number): Matrix {
  return mapElements(m, (value) => value * factor);
}

/** Adds the same row to every row. @throws {RangeError} when it is not as long as they are */
export function addToRows(m: Matrix, row: Float32Array): Matrix {
  if (row.length !== m.columns) {
    throw new RangeError(`a row of ${row.length} cannot be added to [${m.rows}, ${m.columns}]`);
  }
  return matrix(
    m.rows,
    m.columns,
    m.data.map((value, at) => value + row[at % m.columns]!),
  );
}

function requireSameShape(a: Matrix, b: Matrix): void {
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new RangeError(`[${a.rows}, ${a.columns}] and [${b.rows}, ${b.columns}] differ in shape`);
  }
}
