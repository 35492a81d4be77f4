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
  return keepCells(weights, n, kept, kept, renormalise);
}

/** The same where queries and keys are counted apart: `[queries, keys]` of `weights`, `[…, numKeys]`. */
export function keepCells(
  weights: Float32Array,
  numKeys: number,
  queries: readonly number[],
  keys: readonly number[],
  renormalise: boolean,
): Float32Array {
  const size = keys.length;
  const result = new Float32Array(queries.length * size);
  queries.forEach((query, row) => {
    let sum = 0;
    keys.forEach((key, column) => {
      const weight = weights[query * numKeys + key]!;
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
