import type { ModelGraph } from '../compare/modelGraph';
import type { Node } from '../onnx/graph';
import { readNumbers, readNumbersBeside } from '../onnx/readNumbers';
import type { StoredTensor } from '../onnx/readWeights';
import { ScopeError } from '../protocol/errors';
import { dequantize } from './dequantize';
import { type Matrix, matrix, transpose } from './matrix';

/** Exports wrap a constant a few times at most. */
const maxDepth = 8;
const unchanged = new Set(['Cast', 'CastLike', 'Identity']);

/**
 * The matrix that a constant of the graph stands for. Exports keep it as it is, turned, or as integers that the graph
 * itself multiplies by their scale; all of that is done here once.
 * @throws {ScopeError} when it is made in another way, or its numbers lie in another file that was not read
 */
export function constantMatrix(model: ModelGraph, tensor: string, depth = 0): Matrix {
  const stored = model.stored.get(tensor);
  if (stored) {
    return asMatrix(stored.dims, storedNumbers(model, stored));
  }
  const producer = model.index.producers.get(tensor);
  const [data = '', other = '', zeroPoint = ''] = producer?.inputs ?? [];
  if (producer && depth < maxDepth) {
    const inner = (name: string): Matrix => constantMatrix(model, name, depth + 1);
    if (unchanged.has(producer.opType)) {
      return inner(data);
    }
    if (producer.opType === 'Transpose') {
      return transpose(inner(data));
    }
    if (producer.opType === 'Mul') {
      return timesScale(inner(data), inner(other));
    }
    if (producer.opType === 'DequantizeLinear' && !producer.attributes?.get('block_size')) {
      const toSide = (name: string): Matrix => alongAxis(producer, inner(name));
      return dequantize(inner(data), toSide(other), zeroPoint === '' ? undefined : toSide(zeroPoint));
    }
  }
  throw new ScopeError('modelUnsupported', `weights made by ${producer?.opType ?? 'nothing'} (“${tensor}”)`);
}

/** The numbers of a stored tensor. @throws {ScopeError} when they lie in another file that was not read */
export function storedNumbers(model: ModelGraph, tensor: StoredTensor): Float32Array {
  const other = tensor.beside && model.beside.get(tensor.beside.location);
  const numbers = other ? readNumbersBeside(other, tensor) : readNumbers(model.file, tensor);
  if (!numbers) {
    throw new ScopeError('modelUnsupported', `the numbers of “${tensor.name}” are not in the file`);
  }
  return numbers;
}

/** The scale may stand on either side of the product. */
function timesScale(one: Matrix, other: Matrix): Matrix {
  return one.data.length >= other.data.length ? dequantize(one, other) : dequantize(other, one);
}

/** One scale a column, which is how the last axis of a matrix counts, or one a row when the operator says so. */
function alongAxis({ attributes }: Node, scales: Matrix): Matrix {
  return attributes?.get('axis') === 0 ? transpose(scales) : scales;
}

/** A scalar or a vector is a matrix of one row. */
function asMatrix(dims: readonly number[], numbers: Float32Array): Matrix {
  const columns = dims.at(-1) ?? 1;
  return matrix(numbers.length / columns, columns, numbers);
}
