import type { Value } from './numbers';
import type { Tape } from './tape';

/** What `scratch/normalization` reads, with gradients. */
export interface NormValues {
  /** γ, `[1, modelWidth]`. */
  readonly scale: Value;
  /** β, `[1, modelWidth]`. */
  readonly shift: Value;
}

/** Added under the root, so that a row of equal numbers is not divided by zero. */
export const normEpsilon = 1e-5;

/**
 * LayerNorm (Ba et al. 2016) of each row: y = γ ⊙ x̂ + β with x̂ = (x − mean) / spread. Backwards, with h = γ ⊙ g:
 *
 *     γ.grad += Σ g ⊙ x̂     β.grad += Σ g
 *     x.grad += (h − mean(h) − x̂ · mean(h ⊙ x̂)) / spread
 */
export function normStep(tape: Tape, { scale, shift }: NormValues, x: Value): Value {
  const { rows, columns } = x;
  const y = tape.value(rows, columns);
  const normed = tape.numbers(rows * columns);
  const spreads = tape.numbers(rows);
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let mean = 0;
    for (let i = 0; i < columns; i++) {
      mean += x.data[first + i]!;
    }
    mean /= columns;
    let variance = 0;
    for (let i = 0; i < columns; i++) {
      variance += (x.data[first + i]! - mean) ** 2;
    }
    const spread = Math.sqrt(variance / columns + normEpsilon);
    spreads[row] = spread;
    for (let i = 0; i < columns; i++) {
      const value = (x.data[first + i]! - mean) / spread;
      normed[first + i] = value;
      y.data[first + i] = value * scale.data[i]! + shift.data[i]!;
    }
  }
  tape.record(() => {
    for (let row = 0; row < rows; row++) {
      const first = row * columns;
      let sum = 0;
      let along = 0;
      for (let i = 0; i < columns; i++) {
        const g = y.grad[first + i]!;
        const value = normed[first + i]!;
        const h = g * scale.data[i]!;
        sum += h;
        along += h * value;
        scale.grad[i]! += g * value;
        shift.grad[i]! += g;
      }
      const [mean, part] = [sum / columns, along / columns];
      for (let i = 0; i < columns; i++) {
        const h = y.grad[first + i]! * scale.data[i]!;
        x.grad[first + i]! += (h - mean - normed[first + i]! * part) / spreads[row]!;
      }
    }
  });
  return y;
}
