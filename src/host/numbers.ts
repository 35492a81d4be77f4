/** Numbers as the commands on texts write them, alike in every language. */

/** A probability: 97.3 %, and more digits where it is small. */
export function percentOf(probability: number): string {
  const digits = probability >= 0.001 || probability === 0 ? 1 : 4;
  return `${(100 * probability).toFixed(digits)}%`;
}

/** A difference with its sign: +0.25, −1.10. */
export function signed(value: number, digits = 2): string {
  const rounded = Math.abs(value).toFixed(digits);
  const sign = Number(rounded) === 0 ? '±' : value > 0 ? '+' : '−';
  return sign + rounded;
}
