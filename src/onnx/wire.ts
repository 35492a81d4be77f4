/**
 * Reading and writing the protobuf wire format (https://protobuf.dev/programming-guides/encoding/).
 * A reader never copies: length-delimited fields come back as ranges of the original bytes, so a
 * model's weights are stepped over, not read.
 */

export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Thrown for bytes that are no protobuf message; `offset` is where reading stopped. */
export class WireError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(`${message} at byte ${offset}`);
    this.name = 'WireError';
  }
}

/**
 * Messages and strings one file may hold. Every one becomes an object a hundred times its size at
 * worst; the largest exports have a few hundred thousand.
 */
const maxParts = 2_000_000;

/** Names longer than this are no names. */
const maxText = 4096;

/** A cursor over the bytes `[position, end)` of one message. */
export class WireReader {
  private view: DataView;
  /** Number and type of the field last returned by {@link next}. */
  field = 0;
  wireType = 0;
  /** Where the key of that field begins. */
  key = 0;

  constructor(
    readonly bytes: Uint8Array,
    private position = 0,
    readonly end = bytes.length,
    private readonly parts = { left: maxParts },
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where reading goes on. */
  get offset(): number {
    return this.position;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.end) {
      return false;
    }
    this.key = this.position;
    const key = this.varint();
    if (key < 0) {
      throw new WireError(`field key ${key}`, this.position);
    }
    this.field = Math.floor(key / 8);
    this.wireType = key % 8;
    if (this.field === 0) {
      throw new WireError('field number 0', this.position);
    }
    return true;
  }

  /** An unsigned varint; exact up to 2^53, two's complement negatives come back negative. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) {
        throw new WireError('a number is cut off', this.position);
      }
      const byte = this.bytes[this.position++] as number;
      const part = byte & 0x7f;
      if (shift < 28) {
        low += part * 2 ** shift;
      } else if (shift < 63) {
        high += part * 2 ** (shift - 28);
      } else {
        high += (part & 1) * 2 ** 35;
      }
      if (byte < 0x80) {
        // 64 bits are low (28) and high (36); the top bit is the sign of an int64.
        return high >= 2 ** 35 ? (high - 2 ** 36) * 2 ** 28 + low : high * 2 ** 28 + low;
      }
    }
    throw new WireError('a number is longer than 10 bytes', this.position);
  }

  /** The range of a length-delimited field; the cursor moves behind it. */
  range(): { start: number; end: number } {
    const length = this.varint();
    const start = this.position;
    if (length < 0 || start + length > this.end) {
      throw new WireError(`a field of ${length} bytes reaches beyond the end`, start);
    }
    this.position = start + length;
    return { start, end: this.position };
  }

  /** A reader over an embedded message. */
  message(): WireReader {
    const { start, end } = this.range();
    this.count();
    return new WireReader(this.bytes, start, end, this.parts);
  }

  /** A UTF-8 string; only called for names, which are short. */
  text(): string {
    const { start, end } = this.range();
    this.count();
    if (end - start > maxText) {
      throw new WireError(`a name of ${end - start} bytes`, start);
    }
    return decoder.decode(this.bytes.subarray(start, end));
  }

  float32(): number {
    this.need(4);
    const value = this.view.getFloat32(this.position, true);
    this.position += 4;
    return value;
  }

  /** A string of which only short values matter; a longer one is stepped over and comes back empty. */
  shortText(maxBytes: number): string {
    const { start, end } = this.range();
    return end - start > maxBytes ? '' : decoder.decode(this.bytes.subarray(start, end));
  }

  /** A repeated integer field, packed or not, added to `into` up to `most` of them. */
  varints(into: number[], most: number): void {
    if (this.wireType !== WireType.bytes) {
      const value = this.varint();
      if (into.length < most) {
        into.push(value);
      }
      return;
    }
    const packed = this.message();
    while (packed.position < packed.end && into.length < most) {
      into.push(packed.varint());
    }
  }

  /** Steps over the value of a field that nobody asked for. */
  skip(): void {
    switch (this.wireType) {
      case WireType.varint:
        this.varint();
        return;
      case WireType.fixed64:
        this.need(8);
        this.position += 8;
        return;
      case WireType.bytes:
        this.range();
        return;
      case WireType.fixed32:
        this.need(4);
        this.position += 4;
        return;
      default:
        throw new WireError(`unknown wire type ${this.wireType}`, this.position);
    }
  }

  private count(): void {
    if (--this.parts.left < 0) {
      throw new WireError(`more than ${maxParts} parts`, this.position);
    }
  }

  private need(count: number): void {
    if (this.position + count > this.end) {
      throw new WireError('a value is cut off', this.position);
    }
  }
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** One length-delimited field: key, length, bytes. */
export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return concat([varintBytes(field * 8 + WireType.bytes), varintBytes(value.length), value]);
}

/** A string field. */
export function textField(field: number, value: string): Uint8Array {
  return bytesField(field, encoder.encode(value));
}

/** An integer field; negatives take ten bytes, as an int64 does. */
export function varintField(field: number, value: number): Uint8Array {
  return concat([varintBytes(field * 8 + WireType.varint), varintBytes(value)]);
}

/** A float field. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([varintBytes(field * 8 + WireType.fixed32), bytes]);
}

/** The parts in one array. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
