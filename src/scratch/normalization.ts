import { type Matrix, matrix, rowOf } from './matrix';

export interface Norm {
  /** `layer`: mean 0 and variance 1 (Ba et al. 2016). `rms`: mean square 1 (Zhang and Sennrich 2019). */
  readonly form: 'layer' | 'rms';
  /** γ, `modelWidth` numbers. */
  readonly scale: Float32Array;
  /** β, `modelWidth` numbers; RMSNorm has none. */
  readonly shift?: Float32Array;
  /** Added under the root, so that a row of equal numbers is not divided by zero. */
  readonly epsilon: number;
}

/** Brings every row (each token by itself) to the same size: `[positions, modelWidth]` → the same shape. */
export function normalize(norm: Norm, x: Matrix): Matrix {
  const normed = matrix(x.rows, x.columns);
  for (let at = 0; at < x.rows; at++) {
    const row = rowOf(x, at);
    const target = rowOf(normed, at);
    const mean = norm.form === 'layer' ? meanOf(row) : 0;
    const spread = Math.sqrt(meanOf(row, (value) => (value - mean) ** 2) + norm.epsilon);
    row.forEach((value, i) => {
      target[i] = ((value - mean) / spread) * norm.scale[i]! + (norm.shift?.[i] ?? 0);
    });
  }
  return normed;
}

function meanOf(row: Float32Array, of: (value: number) => number = (value) => value): number {
  return row.reduce((sum, value) => sum + of(value), 0) / row.length;
}
