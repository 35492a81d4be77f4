/** A number of a computation: four decimals, or a power of ten where they would say nothing; with a real minus. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  const digits = value === 0 ? '0' : size < 0.0005 || size >= 1e6 ? size.toExponential(1) : size.toFixed(4);
  return value < 0 ? `−${digits}` : digits;
}

/** The same behind a plus: negative numbers stand in brackets. */
export function addedText(value: number): string {
  return value < 0 ? `(${numberText(value)})` : numberText(value);
}
