import { WireError, type WireReader, WireType } from './wire';

/** What we keep of a TensorProto: no data. */
export interface TensorHead {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly number[];
  /** Where its data lies in the file; absent where it lies elsewhere or is written as a list of numbers. */
  readonly data: { readonly start: number; readonly end: number } | undefined;
  /** The file beside the model that holds the data, as the model names it. */
  readonly location: string | undefined;
  /** Where in that file they lie. */
  readonly beside: ExternalRange | undefined;
}

/** A stretch of a file beside the model, in bytes; without a length to its end. */
export interface ExternalRange {
  readonly location: string;
  readonly offset: number;
  readonly length?: number;
}

/** Bits per element by `TensorProto.DataType`; strings (8) have no fixed size. */
const bits: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
};

/**
 * Reads a TensorProto and steps over its data.
 * @throws {WireError} when its shape is not that of its data, or its data lies outside the model's folder.
 */
export function readTensor(tensor: WireReader): TensorHead {
  const at = tensor.offset;
  let name = '';
  let elementType = 0;
  let data: TensorHead['data'];
  let isExternal = false;
  const entries = new Map<string, string>();
  const dims: number[] = [];
  while (tensor.next()) {
    const isBytes = tensor.wireType === WireType.bytes;
    if (tensor.field === 8 && isBytes) {
      name = tensor.text();
    } else if (tensor.field === 2 && tensor.wireType === WireType.varint) {
      elementType = tensor.varint();
    } else if (tensor.field === 1 && (isBytes || tensor.wireType === WireType.varint)) {
      tensor.varints(dims, maxDims);
    } else if (tensor.field === 9 && isBytes) {
      data = tensor.range();
    } else if (tensor.field === 13 && isBytes) {
      readEntry(tensor.message(), entries);
    } else if (tensor.field === 14 && tensor.wireType === WireType.varint) {
      isExternal = tensor.varint() === 1;
    } else {
      tensor.skip();
    }
  }
  const location = entries.get('location');
  if (isExternal && (location === undefined || !isInside(location))) {
    throw new WireError(
      `the data of “${name}” is said to lie at “${location ?? ''}”, outside the model’s folder`,
      at,
    );
  }
  if (!isExternal && data) {
    checkSize(name, elementType, dims, data.end - data.start, at);
  }
  return {
    name,
    elementType,
    dims,
    data: isExternal ? undefined : data,
    location: isExternal ? location : undefined,
    beside: isExternal && location !== undefined ? rangeOf(location, entries) : undefined,
  };
}

function rangeOf(location: string, entries: ReadonlyMap<string, string>): ExternalRange {
  const length = Number(entries.get('length') ?? NaN);
  return {
    location,
    offset: Number(entries.get('offset') ?? 0),
    ...(Number.isSafeInteger(length) && length > 0 && { length }),
  };
}

/** More dimensions than any tensor has. */
const maxDims = 64;

function checkSize(
  name: string,
  elementType: number,
  dims: readonly number[],
  rawBytes: number,
  at: number,
): void {
  const perElement = bits[elementType];
  const elements = dims.reduce((product, dim) => product * dim, 1);
  if (
    dims.some((dim) => dim < 0) ||
    (perElement !== undefined && Math.ceil((elements * perElement) / 8) !== rawBytes)
  ) {
    throw new WireError(`“${name}” says it is [${dims.join(', ')}] but holds ${rawBytes} bytes`, at);
  }
}

/** StringStringEntryProto: `location`, `offset` and `length` of data beside the file. */
function readEntry(entry: WireReader, entries: Map<string, string>): void {
  let key = '';
  let value = '';
  while (entry.next()) {
    if (entry.field === 1 && entry.wireType === WireType.bytes) {
      key = entry.text();
    } else if (entry.field === 2 && entry.wireType === WireType.bytes) {
      value = entry.text();
    } else {
      entry.skip();
    }
  }
  entries.set(key, value);
}

/** A relative path that cannot climb, on any system. */
function isInside(location: string): boolean {
  const parts = location.split('/');
  return (
    location !== '' &&
    !/[\\:\0]/.test(location) &&
    !location.startsWith('/') &&
    parts.every((part) => part !== '..' && part !== '')
  );
}
