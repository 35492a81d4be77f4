import { cosine } from '../attention/cosine';

/** What two sets have in common: the share of the union that is in both (Jaccard 1912). */
export interface Overlap {
  readonly common: number;
  readonly union: number;
  /** 0 where both are empty. */
  readonly jaccard: number;
}

export function overlapOf(one: Iterable<number>, two: Iterable<number>): Overlap {
  const [first, second] = [new Set(one), new Set(two)];
  const common = [...first].filter((each) => second.has(each)).length;
  const union = first.size + second.size - common;
  return { common, union, jaccard: union === 0 ? 0 : common / union };
}

/** How alike texts are to a model that have nothing to do with each other. */
export interface Baseline {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  readonly numPairs: number;
}

/** Cosines between all pairs of vectors; with `others`, between each of the two groups. */
export function baselineOf(vectors: readonly Float32Array[], others?: readonly Float32Array[]): Baseline {
  const cosines = vectors.flatMap((one, index) =>
    (others ?? vectors.slice(index + 1)).map((two) => cosine(one, two)),
  );
  return {
    mean: cosines.reduce((sum, each) => sum + each, 0) / cosines.length,
    least: Math.min(...cosines),
    most: Math.max(...cosines),
    numPairs: cosines.length,
  };
}
