import { ScopeError } from '../protocol/errors';
import type { Retrieved } from '../protocol/vision';

/** `vector / |vector|`, so that a dot product is a cosine. */
export function normalized(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  if (!(length > 0) || !Number.isFinite(length)) {
    throw new ScopeError('inferenceFailed', `an embedding of length ${length}`);
  }
  return vector.map((value) => value / length);
}

/** Sums in double precision. */
export function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw new ScopeError('modelUnsupported', `vectors of ${a.length} and ${b.length} components`);
  }
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    sum += a[index]! * b[index]!;
  }
  return sum;
}

/** The items nearest to a query, all of length 1, best first; equal ones in their order. */
export function retrieve(query: Float32Array, items: readonly Float32Array[], topK: number): Retrieved[] {
  return items
    .map((item, index) => ({ index, cosine: dot(query, item) }))
    .sort((a, b) => b.cosine - a.cosine || a.index - b.index)
    .slice(0, Math.max(0, topK));
}
