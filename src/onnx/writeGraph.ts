import { ElementType, type Node } from './graph';
import { WireReader, WireType, bytesField, concat, floatField, textField, varintField } from './wire';

/** Nodes and small constants as protobuf (onnx.proto3), in the standard operator set. */

export interface NewNode {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface NewTensor {
  readonly name: string;
  /** A scalar when empty. */
  readonly dims: readonly number[];
  readonly elementType: typeof ElementType.int64 | typeof ElementType.float32;
  readonly data: readonly number[];
}

/** A NodeProto. */
export function nodeBytes(node: NewNode): Uint8Array {
  const { inputs, outputs, opType, attributes = {} } = node;
  return concat([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(3, outputs[0] as string),
    textField(4, opType),
    ...Object.entries(attributes).map(([name, value]) => attributeField(name, value)),
  ]);
}

/** A TensorProto. */
export function tensorBytes({ name, dims, elementType, data }: NewTensor): Uint8Array {
  return concat([
    ...dims.map((dim) => varintField(1, dim)),
    varintField(2, elementType),
    ...data.map((value) =>
      elementType === ElementType.int64 ? varintField(7, value) : floatField(4, value),
    ),
    textField(8, name),
  ]);
}

/**
 * The NodeProto that `file` holds for `node`, with other outputs and some integer settings; the rest as it is.
 * @param name another name: no two nodes may have the same
 */
export function changedNodeBytes(
  file: Uint8Array,
  node: Node,
  outputs: readonly string[],
  attributes: Readonly<Record<string, number>>,
  name?: string,
): Uint8Array {
  if (!node.place) {
    throw new Error(`${node.opType} was not read from a file`);
  }
  const kept: Uint8Array[] = [];
  const reader = new WireReader(file, node.place.start, node.place.end);
  while (reader.next()) {
    const { key, field, wireType } = reader;
    let isReplaced = false;
    if (field === 5 && wireType === WireType.bytes) {
      isReplaced = attributeName(reader.message()) in attributes;
    } else {
      reader.skip();
      isReplaced = field === 2 || (field === 3 && name !== undefined);
    }
    if (!isReplaced) {
      kept.push(file.subarray(key, reader.offset));
    }
  }
  return concat([
    ...kept,
    ...(name === undefined ? [] : [textField(3, name)]),
    ...outputs.map((output) => textField(2, output)),
    ...Object.entries(attributes).map(([name, value]) => attributeField(name, value)),
  ]);
}

/** The NodeProto that `file` holds for `node`, under another name, with its tensors renamed. */
export function renamedNodeBytes(
  file: Uint8Array,
  node: Node,
  rename: (tensor: string) => string,
  name: string,
): Uint8Array {
  const { start, end } = node.place ?? { start: 0, end: 0 };
  const kept: Uint8Array[] = [];
  const reader = new WireReader(file, start, end);
  while (reader.next()) {
    const { key, field } = reader;
    reader.skip();
    if (field > 3) {
      kept.push(file.subarray(key, reader.offset));
    }
  }
  return concat([
    ...node.inputs.map((input) => textField(1, input === '' ? '' : rename(input))),
    ...node.outputs.map((output) => textField(2, output === '' ? '' : rename(output))),
    textField(3, name),
    ...kept,
  ]);
}

function attributeName(attribute: WireReader): string {
  let name = '';
  while (attribute.next()) {
    if (attribute.field === 1 && attribute.wireType === WireType.bytes) {
      name = attribute.text();
    } else {
      attribute.skip();
    }
  }
  return name;
}

/** Whole numbers only, which is all that is needed: `i` with type INT, `ints` with type INTS. */
function attributeField(name: string, value: number | readonly number[]): Uint8Array {
  const values =
    typeof value === 'number'
      ? [varintField(3, value), varintField(20, 2)]
      : [...value.map((each) => varintField(8, each)), varintField(20, 7)];
  return bytesField(5, concat([textField(1, name), ...values]));
}
