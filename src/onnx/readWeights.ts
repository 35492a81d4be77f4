import { ElementType } from './graph';
import { type ExternalRange, readTensor } from './readTensor';
import { WireReader, WireType } from './wire';

/** A tensor that the file stores: its shape, and where its numbers are. */
export interface StoredTensor {
  readonly name: string;
  /** `TensorProto.DataType` */
  readonly elementType: number;
  readonly dims: readonly number[];
  /** Range of the file; absent for data beside the file. */
  readonly data?: { readonly start: number; readonly end: number };
  /** Where data beside the file lies. */
  readonly beside?: ExternalRange;
  /** Where its TensorProto lies in the file, whose numbers may also be written as a list. */
  readonly message?: { readonly start: number; readonly end: number };
  /** The numbers of a short list of integers, such as the shape that a Reshape takes. */
  readonly integers?: readonly number[];
}

/** A list longer than this is no shape. */
const maxIntegers = 8;

/**
 * Initialisers and `Constant` nodes of the graph, by name of the tensor. Weights are stepped over, not read.
 * @throws {WireError} when the bytes are cut off or are no protobuf message
 */
export function readWeights(file: Uint8Array): ReadonlyMap<string, StoredTensor> {
  const found = new Map<string, StoredTensor>();
  const model = new WireReader(file);
  while (model.next()) {
    if (model.field !== 7 || model.wireType !== WireType.bytes) {
      model.skip();
      continue;
    }
    const graph = model.message();
    while (graph.next()) {
      const isBytes = graph.wireType === WireType.bytes;
      if (graph.field === 5 && isBytes) {
        const tensor = storedTensor(graph.message());
        found.set(tensor.name, tensor);
      } else if (graph.field === 1 && isBytes) {
        const constant = readConstant(graph.message());
        if (constant) {
          found.set(constant.name, constant);
        }
      } else {
        graph.skip();
      }
    }
  }
  return found;
}

function storedTensor(message: WireReader): StoredTensor {
  const from = message.offset;
  const { name, elementType, dims, data, beside } = readTensor(message);
  const isShort =
    elementType === ElementType.int64 && dims.reduce((size, dim) => size * dim, 1) <= maxIntegers;
  const integers = isShort ? readIntegers(new WireReader(message.bytes, from, message.end), data) : [];
  return {
    name,
    elementType,
    dims,
    ...(data && { data }),
    ...(beside && { beside }),
    message: { start: from, end: message.end },
    ...(integers.length > 0 && { integers }),
  };
}

/** int64 as raw little-endian bytes, or as a list in field 7. */
function readIntegers(tensor: WireReader, data: StoredTensor['data']): number[] {
  const integers: number[] = [];
  if (data) {
    const view = new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset);
    for (let at = data.start; at + 8 <= data.end; at += 8) {
      integers.push(Number(view.getBigInt64(at, true)));
    }
    return integers;
  }
  while (tensor.next()) {
    if (tensor.field === 7 && (tensor.wireType === WireType.bytes || tensor.wireType === WireType.varint)) {
      tensor.varints(integers, maxIntegers);
    } else {
      tensor.skip();
    }
  }
  return integers;
}

/** The tensor of a `Constant` node under the name of its output; undefined for any other node. */
function readConstant(node: WireReader): StoredTensor | undefined {
  let output = '';
  let isConstant = false;
  let tensor: StoredTensor | undefined;
  while (node.next()) {
    if (node.wireType !== WireType.bytes) {
      node.skip();
    } else if (node.field === 2) {
      output = node.text();
    } else if (node.field === 4) {
      isConstant = node.text() === 'Constant';
    } else if (node.field === 5) {
      tensor = readValue(node.message()) ?? tensor;
    } else {
      node.skip();
    }
  }
  return isConstant && tensor ? { ...tensor, name: output } : undefined;
}

/** The tensor of an attribute, or the integers it is written as. */
function readValue(attribute: WireReader): StoredTensor | undefined {
  const integers: number[] = [];
  let isList = false;
  let tensor: StoredTensor | undefined;
  while (attribute.next()) {
    const isBytes = attribute.wireType === WireType.bytes;
    if (attribute.field === 5 && isBytes) {
      tensor = storedTensor(attribute.message());
    } else if (attribute.field === 3 && attribute.wireType === WireType.varint) {
      integers.push(attribute.varint());
    } else if (attribute.field === 8 && (isBytes || attribute.wireType === WireType.varint)) {
      isList = true;
      attribute.varints(integers, maxIntegers);
    } else {
      attribute.skip();
    }
  }
  if (tensor || integers.length === 0) {
    return tensor;
  }
  return { name: '', elementType: ElementType.int64, dims: isList ? [integers.length] : [], integers };
}
