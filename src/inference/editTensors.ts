import type { BlockShape } from './editFeeds';
import type { Rows } from './languageModel';
import type { OutputTensor } from './runtime';

/** A batch's unchanged row may differ from the same text alone by rounding. */
const batchTolerance = 1e-3;

/** One text's part of a batch, as rows of its last axis. */
export function rowOfBatch({ data, dims }: OutputTensor, row: number, count: number): Rows {
  const width = dims.at(-1) ?? 0;
  const size = data.length / count;
  return { numRows: size / width, width, data: data.subarray(row * size, (row + 1) * size) };
}

/** `[tokens, heads · size]` as `[heads, tokens, size]`. */
export function byHead(data: Float32Array, { numHeads, numQueries, size }: BlockShape): Float32Array {
  const turned = new Float32Array(data.length);
  for (let query = 0; query < numQueries; query++) {
    for (let head = 0; head < numHeads; head++) {
      const from = (query * numHeads + head) * size;
      turned.set(data.subarray(from, from + size), (head * numQueries + query) * size);
    }
  }
  return turned;
}

/** Values of fewer heads than there are queries' (Ainslie et al. 2023), once for each head that shares them. */
export function spreadHeads(
  data: Float32Array,
  { numHeads, numKeys, size }: BlockShape,
): Float32Array | undefined {
  const own = data.length / (numKeys * size);
  const sharedBy = numHeads / own;
  if (!Number.isInteger(own) || !Number.isInteger(sharedBy)) {
    return undefined;
  }
  const spread = new Float32Array(numHeads * numKeys * size);
  for (let head = 0; head < numHeads; head++) {
    const from = Math.floor(head / sharedBy) * numKeys * size;
    spread.set(data.subarray(from, from + numKeys * size), head * numKeys * size);
  }
  return spread;
}

/** Whether a batch's unchanged row is what the text gives alone, but for rounding. */
export function isNear(one: Float32Array, other: Float32Array): boolean {
  const size = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return one.every((value, at) => Math.abs(value - other[at]!) <= batchTolerance * size);
}
