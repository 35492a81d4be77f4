/** Several NumPy arrays as one file: a ZIP archive of `.npy` files, stored as they are. */

/** What the old ZIP format can point at; NumPy's `savez` writes larger ones in the newer format. */
const mostBytes = 2 ** 32 - 1;
const localHeader = 30;
const centralHeader = 46;
const endRecord = 22;
/** 1 January 1980, the first day of ZIP's calendar: the same arrays give the same file. */
const noDate = 0x0021;
/** Its owner may read and write a file that is unpacked. */
const attributes = (0o600 << 16) >>> 0;

/**
 * `numpy.load('attention.npz')['first']`.
 * @param arrays by name; the contents are whole `.npy` files
 * @throws {RangeError} for more than 4 GB
 */
export function npzOf(arrays: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const entries = arrays.map(([name, data]) => ({ name: new TextEncoder().encode(`${name}.npy`), data }));
  const size = entries.reduce(
    (sum, { name, data }) => sum + localHeader + centralHeader + 2 * name.length + data.length,
    endRecord,
  );
  if (size > mostBytes) {
    throw new RangeError(`${size} bytes do not fit into one archive`);
  }
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const central: { readonly name: Uint8Array; readonly at: number }[] = [];
  let at = 0;
  for (const { name, data } of entries) {
    central.push({ name, at });
    view.setUint32(at, 0x04034b50, true);
    writeFacts(view, at + 4, name, data);
    file.set(name, at + localHeader);
    file.set(data, at + localHeader + name.length);
    at += localHeader + name.length + data.length;
  }
  const begin = at;
  for (const { name, at: entry } of central) {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true);
    // The facts are those of the entry itself.
    file.copyWithin(at + 6, entry + 4, entry + localHeader);
    view.setUint32(at + 38, attributes, true);
    view.setUint32(at + 42, entry, true);
    file.set(name, at + centralHeader);
    at += centralHeader + name.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - begin, true);
  view.setUint32(at + 16, begin, true);
  return file;
}

/** Version 2.0, stored, no date of its own, checksum, both sizes, length of the name, no extra field. */
function writeFacts(view: DataView, at: number, name: Uint8Array, data: Uint8Array): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 8, noDate, true);
  view.setUint32(at + 10, crc32(data), true);
  view.setUint32(at + 14, data.length, true);
  view.setUint32(at + 18, data.length, true);
  view.setUint16(at + 22, name.length, true);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value;
});

/** CRC-32 as ZIP has it (ISO 3309). */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]!;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
