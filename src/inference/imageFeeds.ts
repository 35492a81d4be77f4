import { ElementType, type ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import type { PixelValues } from './imageProcessor';
import type { InputTensor } from './runtime';

export const pixelInput = 'pixel_values';

/**
 * A picture as a batch of one, `[1, 3, height, width]`.
 * @throws {ScopeError} `modelUnsupported` when the graph is fixed to another size.
 */
export function pixelTensor(input: ValueInfo, { data, width, height }: PixelValues): InputTensor {
  const dims = [1, 3, height, width];
  const fits =
    input.dims.length === 0 ||
    (input.dims.length === 4 &&
      input.dims.every((dim, axis) => typeof dim !== 'number' || dim < 0 || dim === dims[axis]));
  if (!fits) {
    throw new ScopeError(
      'modelUnsupported',
      `“${input.name}” is [${input.dims.join(', ')}], but preprocessor_config.json makes [${dims.join(', ')}]`,
    );
  }
  return input.elementType === ElementType.float16
    ? { elementType: ElementType.float16, data: Uint16Array.from(data, toFloat16), dims }
    : { elementType: ElementType.float32, data, dims };
}

/** Bits of the nearest IEEE 754 binary16; halves go to the even neighbour. */
export function toFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) {
    return 0x7e00;
  }
  // The step between neighbours at this size; below 2^-14 it stays 2^-24.
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 1e-9)));
  const steps = size / 2 ** (exponent - 10);
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  // A full mantissa carries into the exponent by itself.
  const bits = exponent === -14 && rounded < 1024 ? rounded : ((exponent + 14) << 10) + rounded;
  return sign | Math.min(bits, 0x7c00);
}
