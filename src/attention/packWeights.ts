import type { LayerWeights } from './weights';

/**
 * A byte per weight, `round(255 √w)`: the square root gives small weights, which most are, the finer steps.
 * The error is at most `√w / 255 + 1e-5`, so 0.004 at the very most.
 * @returns `[layers, heads, queries, keys]`
 */
export function packWeights(layers: readonly LayerWeights[]): ArrayBuffer {
  const cells = layers.reduce((sum, layer) => sum + layer.data.length, 0);
  const packed = new Uint8Array(cells);
  let place = 0;
  for (const { data } of layers) {
    for (const weight of data) {
      packed[place++] = Math.round(255 * Math.sqrt(Math.max(0, Math.min(1, weight))));
    }
  }
  return packed.buffer;
}

/** The reverse of {@link packWeights}, row by row made distributions again. */
export function unpackWeights(
  packed: Uint8Array,
  numLayers: number,
  numHeads: number,
  numTokens: number,
  numKeys = numTokens,
): LayerWeights[] {
  const perLayer = numHeads * numTokens * numKeys;
  return Array.from({ length: numLayers }, (_, layer) => {
    const data = new Float32Array(perLayer);
    for (let row = 0; row < perLayer; row += numKeys) {
      let sum = 0;
      for (let key = 0; key < numKeys; key++) {
        const root = (packed[layer * perLayer + row + key] as number) / 255;
        data[row + key] = root * root;
        sum += root * root;
      }
      for (let key = 0; key < numKeys && sum > 0; key++) {
        data[row + key]! /= sum;
      }
    }
    return numKeys === numTokens ? { numHeads, numTokens, data } : { numHeads, numTokens, numKeys, data };
  });
}
