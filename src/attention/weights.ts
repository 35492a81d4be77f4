/** Attention probabilities of one layer for one text. */
export interface LayerWeights {
  readonly numHeads: number;
  readonly numTokens: number;
  /** Row-major `[numHeads, numTokens, numTokens]`: head, query, key. */
  readonly data: Float32Array;
}

/** One head of a layer: a view of `[numTokens, numTokens]`, not a copy. */
export function headOf(layer: LayerWeights, head: number): Float32Array {
  const cells = layer.numTokens * layer.numTokens;
  return layer.data.subarray(head * cells, (head + 1) * cells);
}
