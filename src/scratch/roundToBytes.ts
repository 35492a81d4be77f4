/** The smallest and the largest number of what is multiplied. */
export interface ByteRange {
  readonly least: number;
  readonly most: number;
}

/**
 * Numbers rounded to the 256 steps of a byte, as a file with dynamic int8 does to everything that it multiplies by
 * weights (ONNX's `DynamicQuantizeLinear`): between the smallest and the largest number of the whole text, with 0
 * among the steps.
 *
 *     step = (most − least) / 255,   x ↦ (clamp(round(x / step) + zero, 0, 255) − zero) · step
 */
export function roundToBytes(x: Float32Array, range: ByteRange): Float32Array {
  const least = Math.min(0, range.least);
  const most = Math.max(0, range.most);
  const step = (most - least) / 255;
  if (step === 0) {
    return new Float32Array(x.length);
  }
  const clamp = (value: number): number => Math.min(255, Math.max(0, value));
  const zero = clamp(halfToEven(-least / step));
  return x.map((value) => (clamp(halfToEven(value / step) + zero) - zero) * step);
}

/** Rounds to the nearest whole number, and halves to the even one, as the operator does. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}
