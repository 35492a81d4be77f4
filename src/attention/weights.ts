/** Attention probabilities of one layer for one text, or for two where queries and keys are of different texts. */
export interface LayerWeights {
  readonly numHeads: number;
  /** Queries; in self-attention also the keys. */
  readonly numTokens: number;
  /** Keys, where they are other tokens than the queries: cross attention. */
  readonly numKeys?: number;
  /** Row-major `[numHeads, numTokens, numKeys]`: head, query, key. */
  readonly data: Float32Array;
}

/** How many keys each query of a layer attends to. */
export function keysOf({ numKeys, numTokens }: LayerWeights): number {
  return numKeys ?? numTokens;
}

/** One head of a layer: a view of `[numTokens, numKeys]`, not a copy. */
export function headOf(layer: LayerWeights, head: number): Float32Array {
  const cells = layer.numTokens * keysOf(layer);
  return layer.data.subarray(head * cells, (head + 1) * cells);
}
