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
  const cells = layers.reduce((sum, layer) => sum + layer.data.length, 0);
  const { file, from } = emptyNpy('<f4', shape, cells * 4);
  let offset = from;
  for (const { data } of layers) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file.buffer;
}

/** Texts as a NumPy file, `[texts]` of unicode strings; a shorter one ends in zeros, which NumPy leaves out. */
export function npyOfTexts(texts: readonly string[]): ArrayBuffer {
  const characters = texts.map((text) => [...text].map((each) => each.codePointAt(0)!));
  const longest = Math.max(1, ...characters.map(({ length }) => length));
  const { file, from } = emptyNpy(`<U${longest}`, `${texts.length},`, texts.length * longest * 4);
  const view = new DataView(file.buffer);
  characters.forEach((codes, text) => {
    codes.forEach((code, place) => {
      view.setUint32(from + (text * longest + place) * 4, code, true);
    });
  });
  return file.buffer;
}

/** A file of format 1.0 with its header, and where its data begins. */
function emptyNpy(
  descr: string,
  shape: string,
  numBytes: number,
): { readonly file: Uint8Array<ArrayBuffer>; readonly from: number } {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  // Magic, version and header length take 10 bytes; data begins at a multiple of 64.
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11, ' ') + '\n';
  const header = new TextEncoder().encode(`?NUMPY__..${padded}`);
  header.set([0x93], 0);
  header.set([1, 0, padded.length & 255, padded.length >> 8], 6);
  const file = new Uint8Array(header.length + numBytes);
  file.set(header);
  return { file, from: header.length };
}
