import { type LayerWeights, headOf, keysOf } from './weights';

/** One head, counted from 0. */
export interface HeadIndex {
  readonly layer: number;
  readonly head: number;
}

/**
 * Several heads as one picture, `[queries, keys]`: the mean of their weights (rows still sum to 1), or the
 * strongest weight of any of them (rows do not).
 */
export function combineHeads(
  layers: readonly LayerWeights[],
  heads: readonly HeadIndex[],
  how: 'mean' | 'max',
): Float32Array {
  const [first] = layers;
  const size = first ? first.numTokens * keysOf(first) : 0;
  const combined = new Float32Array(size);
  for (const { layer, head } of heads) {
    const weights = headOf(layers[layer] as LayerWeights, head);
    if (how === 'max') {
      for (let i = 0; i < size; i++) {
        combined[i] = Math.max(combined[i]!, weights[i]!);
      }
    } else {
      const share = 1 / heads.length;
      for (let i = 0; i < size; i++) {
        combined[i]! += weights[i]! * share;
      }
    }
  }
  return combined;
}
