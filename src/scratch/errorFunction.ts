/** From here on erf(x) is 1 in double precision. */
const saturated = 6;

/**
 * The error function erf(x) = 2/√π · ∫₀ˣ e^(−t²) dt, by the series
 *
 *     erf(x) = 2/√π · e^(−x²) · Σₙ 2ⁿ·x^(2n+1) / (1·3·5·…·(2n+1))
 *
 * (Abramowitz and Stegun 1964, 7.1.6). All its terms have one sign, so nothing cancels.
 */
export function errorFunction(x: number): number {
  if (Math.abs(x) >= saturated) {
    return Math.sign(x);
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
