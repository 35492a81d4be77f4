import { type Matrix, matrix } from './matrix';

/**
 * The slopes of attention with linear biases, Press et al. 2022, section 3: for n heads a geometric sequence that
 * begins at 2^(−8/n) and has that ratio too; for 8 heads 1/2, 1/4, … 1/256. When n is no power of two, the slopes of
 * the next lower power come first, then every other one of twice that power (as in the authors' code).
 */
export function alibiSlopes(numHeads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(numHeads));
  const slopes = Array.from({ length: power }, (_, head) => 2 ** ((-8 * (head + 1)) / power));
  if (power === numHeads) {
    return slopes;
  }
  const between = alibiSlopes(2 * power).filter((_, head) => head % 2 === 0);
  return [...slopes, ...between.slice(0, numHeads - power)];
}

/**
 * What is added to the scores of one head: 0 for the query's own position, −slope for the key before it, −2 · slope for
 * the one before that. It is made for decoders: keys behind the query, which the causal mask hides, would gain.
 * @returns `[queryPositions, keyPositions]`; the queries are the last of the positions
 */
export function alibiBias(slope: number, queryPositions: number, keyPositions = queryPositions): Matrix {
  const bias = matrix(queryPositions, keyPositions);
  const before = keyPositions - queryPositions;
  for (let query = 0; query < queryPositions; query++) {
    for (let key = 0; key < keyPositions; key++) {
      bias.data[query * keyPositions + key] = slope * (key - (before + query));
    }
  }
  return bias;
}
