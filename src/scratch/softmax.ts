import { type Matrix, matrix, rowOf } from './matrix';

/**
 * Softmax over each row: e^xⱼ / Σ e^xₖ. Every row becomes positive numbers that sum to 1.
 *
 * The row's maximum is subtracted first. That changes nothing, since e^(x − m) = e^x / e^m and e^m cancels; but
 * e^1000 would be infinite and ∞/∞ is no number. −∞ stands for "masked" and becomes 0.
 * @throws {RangeError} when a whole row is masked, for then there is nothing to divide by
 */
export function softmaxRows(scores: Matrix): Matrix {
  const weights = matrix(scores.rows, scores.columns);
  for (let at = 0; at < scores.rows; at++) {
    const row = rowOf(scores, at);
    const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    if (largest === -Infinity) {
      throw new RangeError(`every key of query ${at} is masked`);
    }
    const powers = Float64Array.from(row, (value) => Math.exp(value - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    rowOf(weights, at).set(powers.map((power) => power / total));
  }
  return weights;
}
