import type { ModelGraph } from '../compare/modelGraph';
import type { Node } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import { constantMatrix } from './constantMatrix';
import { type Matrix, matrix } from './matrix';

/**
 * Weights of ONNX Runtime's operator `MatMulNBits`: integers of 4 bits, two to a byte with the lower half first (or of
 * 8 bits). Each column of the matrix is cut into blocks of some 32 numbers, which share a scale and a zero point:
 *
 *     weight = (integer − zeroPoint) · scale,   zeroPoint = 2^(bits − 1) where none is given
 *
 * @returns `[inputWidth, outputWidth]`
 * @throws {ScopeError} for other numbers of bits, or an order of its own (`g_idx`)
 */
export function packedMatrix(model: ModelGraph, { inputs, attributes }: Node): Matrix {
  const number = (name: string): number => Number(attributes?.get(name) ?? 0);
  const [rows, columns, bits, blockSize] = [
    number('K'),
    number('N'),
    number('bits') || 4,
    number('block_size'),
  ];
  const [, packedName = '', scalesName = '', zerosName = '', order = ''] = inputs;
  if ((bits !== 4 && bits !== 8) || blockSize < 1 || order !== '') {
    throw new ScopeError('modelUnsupported', `weights of ${bits} bits in blocks of ${blockSize}`);
  }
  const perColumn = Math.ceil(rows / blockSize);
  const packed = constantMatrix(model, packedName).data;
  const scales = constantMatrix(model, scalesName).data;
  const zeros = zerosName === '' ? undefined : constantMatrix(model, zerosName).data;
  // Zero points are packed as the weights are, each column's from a byte of its own; or they are numbers like scales.
  const packedZeros = zeros?.length === scales.length && bits === 4 ? undefined : zeros;
  const bytesOfZeros = Math.ceil((perColumn * bits) / 8);
  const weights = matrix(rows, columns);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const block = Math.floor(row / blockSize);
      const at = column * perColumn + block;
      const first = at * ((blockSize * bits) / 8);
      const zero = packedZeros
        ? unpacked(packedZeros, column * bytesOfZeros, block, bits)
        : (zeros?.[at] ?? 2 ** (bits - 1));
      weights.data[row * columns + column] =
        (unpacked(packed, first, row % blockSize, bits) - zero) * scales[at]!;
    }
  }
  return weights;
}

/** The integer at a place of a packed list that begins at a byte. */
function unpacked(bytes: Float32Array, first: number, place: number, bits: number): number {
  if (bits === 8) {
    return bytes[first + place]!;
  }
  const byte = bytes[first + (place >> 1)]!;
  return place % 2 === 0 ? byte & 15 : byte >> 4;
}
