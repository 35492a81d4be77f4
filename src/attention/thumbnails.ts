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
  const borders = cellBorders(size, numTokens);
  const strongest = new Float32Array(size * size);
  layers.forEach((layer, layerIndex) => {
    for (let head = 0; head < numHeads; head++) {
      strongest.fill(0);
      poolInto(strongest, size, headOf(layer, head), numTokens, borders);
      const offset = (layerIndex * numHeads + head) * size * size;
      for (let cell = 0; cell < strongest.length; cell++) {
        data[offset + cell] = Math.round(255 * Math.min(1, strongest[cell]!));
      }
    }
  });
  return { size, data };
}

/** The first token of each cell, and one border behind the last: token `t` falls into cell `⌊t·size/n⌋`. */
function cellBorders(size: number, numTokens: number): Int32Array {
  return Int32Array.from({ length: size + 1 }, (_, cell) => Math.ceil((cell * numTokens) / size));
}

/** Weights stay floats here and become bytes cell by cell: rounding each of 38 million took ten times as long. */
function poolInto(
  strongest: Float32Array,
  size: number,
  weights: Float32Array,
  numTokens: number,
  borders: Int32Array,
): void {
  let y = 0;
  for (let query = 0; query < numTokens; query++) {
    if (query === borders[y + 1]) {
      y++;
    }
    const row = query * numTokens;
    for (let x = 0; x < size; x++) {
      let most = strongest[y * size + x]!;
      const end = row + borders[x + 1]!;
      for (let index = row + borders[x]!; index < end; index++) {
        const weight = weights[index]!;
        if (weight > most) {
          most = weight;
        }
      }
      strongest[y * size + x] = most;
    }
  }
}
