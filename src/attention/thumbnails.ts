import { type LayerWeights, headOf } from './weights';

/** Most bytes that all thumbnails together may take, so that the first picture arrives at once. */
const byteBudget = 180_000;
const maxEdge = 96;

/**
 * Every head as a small square of bytes, 255 = weight 1. Cells are max-pooled, not averaged: a head
 * that points at one token must stay visible at any size.
 * @returns `data` is `[numLayers, numHeads, size, size]`.
 */
export function makeThumbnails(layers: readonly LayerWeights[]): {
  size: number;
  data: Uint8Array<ArrayBuffer>;
} {
  const numHeads = layers[0]?.numHeads ?? 0;
  const numTokens = layers[0]?.numTokens ?? 0;
  const fits = Math.floor(Math.sqrt(byteBudget / Math.max(1, layers.length * numHeads)));
  const size = Math.max(1, Math.min(numTokens, fits, maxEdge));
  const data = new Uint8Array(layers.length * numHeads * size * size);
  layers.forEach((layer, layerIndex) => {
    for (let head = 0; head < numHeads; head++) {
      const offset = (layerIndex * numHeads + head) * size * size;
      poolInto(data.subarray(offset, offset + size * size), size, headOf(layer, head), numTokens);
    }
  });
  return { size, data };
}

function poolInto(target: Uint8Array, size: number, weights: Float32Array, numTokens: number): void {
  for (let query = 0; query < numTokens; query++) {
    const y = Math.floor((query * size) / numTokens);
    for (let key = 0; key < numTokens; key++) {
      const x = Math.floor((key * size) / numTokens);
      const value = Math.round(255 * Math.min(1, Math.max(0, weights[query * numTokens + key] as number)));
      const cell = y * size + x;
      if (value > (target[cell] as number)) {
        target[cell] = value;
      }
    }
  }
}
