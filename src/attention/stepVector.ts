import type { StepVector } from '../protocol/layerSteps';
import { type Matrix, matrix } from '../scratch/matrix';

/** A recomputed vector beside the model's own, where the graph shows that. */
export function vector(found: Float32Array, own: Float32Array | ArrayBuffer | null): StepVector {
  const mine = own === null ? null : new Float32Array(own);
  return {
    own: mine && bufferOf(mine),
    found: bufferOf(found),
    difference: mine && largestDifference(found, mine),
  };
}

/** The largest distance between two vectors of one length; Infinity where they are not of one length. */
export function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.length === other.length
    ? one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0)
    : Infinity;
}

/** A vector as a matrix of one row. */
export function rowMatrix(values: Float32Array): Matrix {
  return matrix(1, values.length, values);
}

/** A copy that a message can carry. */
export function bufferOf(values: Float32Array): ArrayBuffer {
  return values.slice().buffer;
}
