/** Numbers as this view writes them. */

/** With its sign, and as many digits as say something. */
export function signed(value: number): string {
  if (!Number.isFinite(value)) {
    return '–';
  }
  const text = Math.abs(value).toFixed(Math.abs(value) >= 9.995 ? 1 : 2);
  const sign = value < 0 ? '−' : '+';
  return Number(text) === 0 ? '0.00' : sign + text;
}

export function percent(probability: number): string {
  const value = probability * 100;
  return value >= 0.1 || value === 0 ? `${value.toFixed(1)}%` : '<0.1%';
}

/** The largest magnitude, for a colour scale. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < values.length; index++) {
    const value = Math.abs(values[index]!);
    most = value > most ? value : most;
  }
  return most;
}
