/**
 * The weights between some of the tokens, `[kept, kept]`. Much attention goes to tokens that say nothing
 * (first token, [SEP], full stops: the "sinks"); without them the rest can be seen.
 * @param renormalise divides each row by what is left of it, so that it is a distribution again; a row of
 *   which nothing is left stays zero.
 */
export function keepTokens(
  weights: Float32Array,
  n: number,
  kept: readonly number[],
  renormalise: boolean,
): Float32Array {
  const size = kept.length;
  const result = new Float32Array(size * size);
  kept.forEach((query, row) => {
    let sum = 0;
    kept.forEach((key, column) => {
      const weight = weights[query * n + key]!;
      result[row * size + column] = weight;
      sum += weight;
    });
    // Below this, only rounding would be magnified.
    if (renormalise && sum > 1e-6) {
      for (let column = 0; column < size; column++) {
        result[row * size + column]! /= sum;
      }
    }
  });
  return result;
}
