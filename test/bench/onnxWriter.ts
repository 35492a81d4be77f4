import { bytesField, concat, textField } from '../../src/onnx/wire';

/** Just enough of onnx.proto to write a transformer with random weights. */

export type TensorData = Float32Array | BigInt64Array | Int8Array | Uint8Array;

/** A tensor in the file: float32, int64, int8 or uint8 by the kind of its array. */
export function tensor(name: string, dims: readonly number[], data: TensorData): Uint8Array {
  const type =
    data instanceof Float32Array ? 1 : data instanceof Uint8Array ? 2 : data instanceof Int8Array ? 3 : 7;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return concat([
    ...dims.map((dim) => intField(1, dim)),
    intField(2, type),
    textField(8, name),
    bytesField(9, raw),
  ]);
}

export type Attribute = number | readonly number[] | { readonly float: number };

/** An operator of the default domain. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  return concat([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(4, opType),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
  ]);
}

/** An input or output with fixed or symbolic dimensions. */
export function valueInfo(name: string, elementType: number, dims: readonly (string | number)[]): Uint8Array {
  const shape = concat(
    dims.map((dim) => bytesField(1, typeof dim === 'number' ? intField(1, dim) : textField(2, dim))),
  );
  const type = concat([intField(1, elementType), bytesField(2, shape)]);
  return concat([textField(1, name), bytesField(2, bytesField(1, type))]);
}

/** A whole model; `parts` are (field of GraphProto, message) pairs. */
export function model(opset: number, parts: readonly (readonly [number, Uint8Array])[]): Uint8Array[] {
  const body = parts.map(([field, message]) => bytesField(field, message));
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return [
    intField(1, 8),
    bytesField(8, concat([textField(1, ''), intField(2, opset)])),
    key(7, 2),
    varint(length),
    ...body,
  ];
}

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') {
    return concat([textField(1, name), intField(3, value), intField(20, 2)]);
  }
  if ('float' in value) {
    const bytes = new Uint8Array(Float32Array.of(value.float).buffer);
    return concat([textField(1, name), key(2, 5), bytes, intField(20, 1)]);
  }
  return concat([textField(1, name), ...value.map((each) => intField(8, each)), intField(20, 7)]);
}

function intField(field: number, value: number): Uint8Array {
  return concat([key(field, 0), varint(value)]);
}

function key(field: number, wireType: number): Uint8Array {
  return varint(field * 8 + wireType);
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
