import { type Matrix, matrix } from './matrix';

/** Where sines and cosines stand: alternating as in the paper, or all sines first as in Marian and tensor2tensor. */
export type SinusoidLayout = 'alternating' | 'halves';

/**
 * Sinusoidal position encoding, Vaswani et al. 2017, section 3.5:
 *
 *     PE(pos, 2i)     = sin(pos / 10000^(2i / modelWidth))
 *     PE(pos, 2i + 1) = cos(pos / 10000^(2i / modelWidth))
 *
 * Each pair (sin, cos) is a clock hand; the wavelengths grow from 2π to 10000 · 2π. Going on by a fixed number of
 * positions turns every hand by a fixed angle, wherever one starts.
 * @returns `[numPositions, modelWidth]`; it is added to the embedded tokens
 */
export function sinusoidalPositions(
  numPositions: number,
  modelWidth: number,
  layout: SinusoidLayout = 'alternating',
): Matrix {
  const table = matrix(numPositions, modelWidth);
  for (let position = 0; position < numPositions; position++) {
    for (let pair = 0; 2 * pair < modelWidth; pair++) {
      const angle = position / 10_000 ** ((2 * pair) / modelWidth);
      const sine = layout === 'alternating' ? 2 * pair : pair;
      const cosine = layout === 'alternating' ? 2 * pair + 1 : modelWidth / 2 + pair;
      table.data[position * modelWidth + sine] = Math.sin(angle);
      table.data[position * modelWidth + cosine] = Math.cos(angle);
    }
  }
  return table;
}
