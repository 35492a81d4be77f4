import { fromBfloat16, fromFloat16 } from './halfFloats';
import type { StoredTensor } from './readWeights';
import { WireReader, WireType } from './wire';

/** How one number is read from raw little-endian bytes, by `TensorProto.DataType`: its size, and its value. */
const rawNumbers: Readonly<Record<number, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [1, (view, at) => view.getInt8(at)],
  6: [4, (view, at) => view.getInt32(at, true)],
  10: [2, (view, at) => fromFloat16(view.getUint16(at, true))],
  16: [2, (view, at) => fromBfloat16(view.getUint16(at, true))],
};

/**
 * The numbers of a stored tensor, row after row, as they are stored: quantised ones without their scale.
 * @param file the bytes that {@link StoredTensor} was read from
 * @returns undefined where they lie in another file, or are of a type that weights do not have
 * @throws {WireError} when the bytes are cut off
 */
export function readNumbers(file: Uint8Array, tensor: StoredTensor): Float32Array | undefined {
  const format = rawNumbers[tensor.elementType];
  if (!format) {
    return undefined;
  }
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  const [bytes, read] = format;
  if (tensor.data) {
    const view = new DataView(file.buffer, file.byteOffset + tensor.data.start, size * bytes);
    return Float32Array.from({ length: size }, (_, at) => read(view, at * bytes));
  }
  const listed = tensor.message && readList(new WireReader(file, tensor.message.start, tensor.message.end), size);
  if (listed?.length !== size) {
    return undefined;
  }
  const isHalf = tensor.elementType === 10 || tensor.elementType === 16;
  const fromBits = tensor.elementType === 10 ? fromFloat16 : fromBfloat16;
  return Float32Array.from(listed, (value) => (isHalf ? fromBits(value) : value));
}

/** TensorProto's `float_data` (4) and `int32_data` (5, also for shorter integers and the bits of 16-bit floats). */
function readList(tensor: WireReader, size: number): number[] {
  const numbers: number[] = [];
  while (tensor.next()) {
    if (tensor.field === 4 && tensor.wireType === WireType.bytes) {
      const packed = tensor.message();
      while (packed.offset < packed.end && numbers.length < size) {
        numbers.push(packed.float32());
      }
    } else if (tensor.field === 4 && tensor.wireType === WireType.fixed32) {
      numbers.push(tensor.float32());
    } else if (tensor.field === 5 && (tensor.wireType === WireType.bytes || tensor.wireType === WireType.varint)) {
      tensor.varints(numbers, size);
    } else {
      tensor.skip();
    }
  }
  return numbers;
}
