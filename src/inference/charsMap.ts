/**
 * SentencePiece's precompiled normalisation (Kudo and Richardson 2018, 2.2): a double-array trie from
 * UTF-8 sequences to their replacements. The format is Darts-clone's: the trie's size in bytes, the trie
 * as 32-bit units, then the replacements, each ended by a zero byte.
 */
export class CharsMap {
  private readonly units: Uint32Array;
  private readonly replacements: Uint8Array;
  private readonly cache = new Map<string, string | undefined>();

  /** @param base64 `precompiled_charsmap` of `tokenizer.json` */
  constructor(base64: string) {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const size = view.getUint32(0, true);
    this.units = Uint32Array.from({ length: size >>> 2 }, (_, index) => view.getUint32(4 + 4 * index, true));
    this.replacements = bytes.subarray(4 + size);
  }

  /** What one grapheme becomes. The reference looks up a short one whole, then each character. */
  normalize(grapheme: string): string {
    const whole = utf8.encode(grapheme).length < 6 ? this.lookUp(grapheme) : undefined;
    return whole ?? Array.from(grapheme, (char) => this.lookUp(char) ?? char).join('');
  }

  /** The replacement of the shortest known prefix of `key`, as the reference takes it. */
  lookUp(key: string): string | undefined {
    if (!this.cache.has(key)) {
      this.cache.set(key, this.search(utf8.encode(key)));
    }
    return this.cache.get(key);
  }

  private search(key: Uint8Array): string | undefined {
    let position = offsetOf(this.units[0] ?? 0);
    for (const byte of key) {
      if (byte === 0) {
        return undefined;
      }
      position ^= byte;
      const unit = this.units[position];
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) {
        return undefined;
      }
      position ^= offsetOf(unit);
      if ((unit >>> 8) & 1) {
        const start = (this.units[position] ?? 0) & 0x7fffffff;
        const end = this.replacements.indexOf(0, start);
        return new TextDecoder().decode(this.replacements.subarray(start, end < 0 ? undefined : end));
      }
    }
    return undefined;
  }
}

const utf8 = new TextEncoder();

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
