import type { LayerWeights } from './weights';

/**
 * How the attention of some queries divides among groups of keys, per layer and head: the sum of the weights
 * on a group's keys, averaged over the queries.
 * @param queryPositions rows to average, at least one
 * @param groupOfKey the group of each key, `0 … numGroups - 1`, or -1 for a key that is not counted
 * @returns float32 `[layers, heads, groups]`
 */
export function partShares(
  layers: readonly LayerWeights[],
  queryPositions: readonly number[],
  groupOfKey: readonly number[],
  numGroups: number,
): Float32Array {
  const numHeads = layers[0]?.numHeads ?? 0;
  const shares = new Float32Array(layers.length * numHeads * numGroups);
  layers.forEach(({ numTokens, data }, layer) => {
    for (let head = 0; head < numHeads; head++) {
      const out = (layer * numHeads + head) * numGroups;
      for (const query of queryPositions) {
        const row = (head * numTokens + query) * numTokens;
        for (let key = 0; key < numTokens; key++) {
          const group = groupOfKey[key] as number;
          if (group >= 0) {
            shares[out + group] =
              (shares[out + group] as number) + (data[row + key] as number) / queryPositions.length;
          }
        }
      }
    }
  });
  return shares;
}
