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

/** How well a retrieval finds what belongs to each query, averaged over the queries. */
export interface Recall {
  /** Queries that find at least one of theirs among the first k: R@k of Karpathy & Fei-Fei 2015. */
  readonly atLeastOne: number;
  /** Part of what belongs to a query that is among the first k. */
  readonly fraction: number;
}

/**
 * Recall@k.
 * @param scores `[query][item]`, larger is nearer
 * @param relevant of each query, the items that belong to it; at least one each
 * @throws {ScopeError} `badRequest`
 */
export function recallAtK(
  scores: readonly (readonly number[])[],
  relevant: readonly (readonly number[])[],
  k: number,
): Recall {
  if (
    scores.length === 0 ||
    scores.length !== relevant.length ||
    relevant.some((each) => each.length === 0)
  ) {
    throw new ScopeError('badRequest', 'every query needs at least one relevant item');
  }
  let hits = 0;
  let fractions = 0;
  scores.forEach((row, query) => {
    const order = row.map((_, item) => item).sort((a, b) => row[b]! - row[a]! || a - b);
    const first = new Set(order.slice(0, k));
    const wanted = new Set(relevant[query]);
    const found = [...wanted].filter((item) => first.has(item)).length;
    hits += found > 0 ? 1 : 0;
    fractions += found / wanted.size;
  });
  return { atLeastOne: hits / scores.length, fraction: fractions / scores.length };
}
