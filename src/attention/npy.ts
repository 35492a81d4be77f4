import { type LayerWeights, keysOf } from './weights';

/**
 * All weights as a NumPy file (format 1.0), float32 in C order `[layers, heads, queries, keys]`:
 * `numpy.load('attention.npy')[layer, head]`.
 */
export function npyOfWeights(layers: readonly LayerWeights[]): ArrayBuffer {
  const [first] = layers;
  const shape = [layers.length, first?.numHeads ?? 0, first?.numTokens ?? 0, first ? keysOf(first) : 0].join(
    ', ',
  );
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  // Magic, version and header length take 10 bytes; data begins at a multiple of 64.
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11, ' ') + '\n';
  const header = new TextEncoder().encode(`?NUMPY__..${padded}`);
  header.set([0x93], 0);
  header.set([1, 0, padded.length & 255, padded.length >> 8], 6);
  const cells = layers.reduce((sum, layer) => sum + layer.data.length, 0);
  const file = new Uint8Array(header.length + cells * 4);
  file.set(header);
  let offset = header.length;
  for (const { data } of layers) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file.buffer;
}
