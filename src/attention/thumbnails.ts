import { type LayerWeights, headOf, keysOf } from './weights';

/** Most bytes that all thumbnails together may take, so that the first picture arrives at once. */
const byteBudget = 160_000;
const maxEdge = 96;

/**
 * Every head as a small square of bytes, 255 = weight 1. Cells are max-pooled, not averaged: a head
 * that points at one token must stay visible at any size. Where queries and keys differ in number, the
 * shorter side is stretched.
 * @returns `data` is `[numLayers, numHeads, size, size]`.
 */
export function makeThumbnails(layers: readonly LayerWeights[]): {
  size: number;
  data: Uint8Array<ArrayBuffer>;
} {
  const [first] = layers;
  const numHeads = first?.numHeads ?? 0;
  const numQueries = first?.numTokens ?? 0;
  const numKeys = first ? keysOf(first) : 0;
  const fits = Math.floor(Math.sqrt(byteBudget / Math.max(1, layers.length * numHeads)));
  const size = Math.max(1, Math.min(Math.max(numQueries, numKeys), fits, maxEdge));
  const height = Math.min(size, numQueries);
  const width = Math.min(size, numKeys);
  const data = new Uint8Array(layers.length * numHeads * size * size);
  const rows = cellBorders(height, numQueries);
  const columns = cellBorders(width, numKeys);
  const strongest = new Float32Array(height * width);
  layers.forEach((layer, layerIndex) => {
    for (let head = 0; head < numHeads; head++) {
      strongest.fill(0);
      poolInto(strongest, headOf(layer, head), rows, columns);
      const offset = (layerIndex * numHeads + head) * size * size;
      for (let y = 0; y < size; y++) {
        const row = Math.floor((y * height) / size) * width;
        for (let x = 0; x < size; x++) {
          const weight = strongest[row + Math.floor((x * width) / size)]!;
          data[offset + y * size + x] = Math.round(255 * Math.min(1, weight));
        }
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
  weights: Float32Array,
  rows: Int32Array,
  columns: Int32Array,
): void {
  const numQueries = rows.at(-1) as number;
  const numKeys = columns.at(-1) as number;
  const width = columns.length - 1;
  let y = 0;
  for (let query = 0; query < numQueries; query++) {
    if (query === rows[y + 1]) {
      y++;
    }
    const row = query * numKeys;
    for (let x = 0; x < width; x++) {
      let most = strongest[y * width + x]!;
      const end = row + columns[x + 1]!;
      for (let index = row + columns[x]!; index < end; index++) {
        const weight = weights[index]!;
        if (weight > most) {
          most = weight;
        }
      }
      strongest[y * width + x] = most;
    }
  }
}
