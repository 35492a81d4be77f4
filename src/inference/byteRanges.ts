import type { Range } from './characterRanges';

/**
 * Character ranges for byte-level BPE (Radford et al. 2019): every piece is a run of bytes of the
 * text's UTF-8, written with GPT-2's printable stand-ins. A token that holds part of a character gets
 * the whole character's range, so several tokens may share one.
 * @returns undefined when the pieces do not spell the text (a normaliser changed it).
 */
export function byteRanges(
  text: string,
  pieces: readonly string[],
  isAdded: (index: number) => boolean,
): Range[] | undefined {
  const { startOfByte, endOfByte, bytes } = mapBytes(text);
  const ranges: Range[] = [];
  let position = 0;
  for (const [index, piece] of pieces.entries()) {
    if (isAdded(index)) {
      const literal = new TextEncoder().encode(piece);
      if (literal.every((byte, offset) => bytes[position + offset] === byte)) {
        ranges.push(rangeOf(literal.length));
      } else {
        const end = position === 0 ? 0 : (endOfByte[position - 1] as number);
        ranges.push({ start: end, end });
      }
      continue;
    }
    let spelled = [...piece].map((char) => byteOf.get(char));
    // `add_prefix_space` puts a space before the first word that the text does not have.
    if (position === 0 && spelled[0] === 0x20 && bytes[0] !== 0x20) {
      spelled = spelled.slice(1);
    }
    if (!spelled.every((byte, offset) => byte !== undefined && bytes[position + offset] === byte)) {
      return undefined;
    }
    ranges.push(rangeOf(spelled.length));
  }
  return ranges;

  function rangeOf(length: number): Range {
    const start = position < bytes.length ? (startOfByte[position] as number) : text.length;
    const end = length === 0 ? start : (endOfByte[position + length - 1] as number);
    position += length;
    return { start, end };
  }
}

/** For each UTF-8 byte, where its character starts and ends in UTF-16. */
function mapBytes(text: string): { bytes: Uint8Array; startOfByte: Uint32Array; endOfByte: Uint32Array } {
  const bytes = new TextEncoder().encode(text);
  const startOfByte = new Uint32Array(bytes.length);
  const endOfByte = new Uint32Array(bytes.length);
  let byte = 0;
  let offset = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    startOfByte.fill(offset, byte, byte + length);
    offset += char.length;
    endOfByte.fill(offset, byte, byte + length);
    byte += length;
  }
  return { bytes, startOfByte, endOfByte };
}

/** GPT-2's `bytes_to_unicode`, inverted: printable Latin-1 stands for itself, the rest from U+0100 on. */
const byteOf: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    map.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return map;
})();
