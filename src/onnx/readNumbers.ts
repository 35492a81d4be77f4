import { ElementType } from './graph';
import { fromBfloat16, fromFloat16 } from './halfFloats';
import type { StoredTensor } from './readWeights';
import { WireReader, WireType } from './wire';

/**
 * The numbers of a stored tensor, row after row, as they are stored: quantised ones without their scale.
 * @param file the bytes that {@link StoredTensor} was read from
 * @returns undefined where they lie in another file, or are of a type that weights do not have
 * @throws {WireError} when the bytes are cut off
 */
export function readNumbers(file: Uint8Array, tensor: StoredTensor): Float32Array | undefined {
  if (tensor.data) {
    // A copy, because the runtime's arrays begin at multiples of their element's size and the file's do not.
    const { buffer } = new Uint8Array(file.subarray(tensor.data.start, tensor.data.end));
    return fromRaw(tensor.elementType, buffer);
  }
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  const listed =
    tensor.message && readList(new WireReader(file, tensor.message.start, tensor.message.end), size);
  if (listed?.length !== size) {
    return undefined;
  }
  const { elementType } = tensor;
  const fromBits = elementType === ElementType.float16 ? fromFloat16 : fromBfloat16;
  const isHalf = elementType === ElementType.float16 || elementType === ElementType.bfloat16;
  return Float32Array.from(listed, (value) => (isHalf ? fromBits(value) : value));
}

/**
 * The numbers of a tensor that lies in a file beside the model.
 * @param file that file
 * @returns undefined where the file is shorter, or the type is one that weights do not have
 */
export function readNumbersBeside(file: Uint8Array, tensor: StoredTensor): Float32Array | undefined {
  const { offset = 0, length = file.length - offset } = tensor.beside ?? {};
  if (offset < 0 || offset + length > file.length) {
    return undefined;
  }
  const numbers = fromRaw(tensor.elementType, new Uint8Array(file.subarray(offset, offset + length)).buffer);
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  return numbers?.length === size ? numbers : undefined;
}

/** Little-endian numbers, as all machines that run this have them. */
function fromRaw(elementType: number, raw: ArrayBuffer): Float32Array | undefined {
  switch (elementType) {
    case ElementType.float32:
      return new Float32Array(raw);
    case ElementType.uint8:
      return Float32Array.from(new Uint8Array(raw));
    case ElementType.int8:
      return Float32Array.from(new Int8Array(raw));
    case ElementType.int32:
      return Float32Array.from(new Int32Array(raw));
    case ElementType.float16:
      return Float32Array.from(new Uint16Array(raw), fromFloat16);
    case ElementType.bfloat16:
      return Float32Array.from(new Uint16Array(raw), fromBfloat16);
    default:
      return undefined;
  }
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
    } else if (
      tensor.field === 5 &&
      (tensor.wireType === WireType.bytes || tensor.wireType === WireType.varint)
    ) {
      tensor.varints(numbers, size);
    } else {
      tensor.skip();
    }
  }
  return numbers;
}
