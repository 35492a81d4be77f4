import { type LayerWeights, headOf } from './weights';

/** What the patterns are measured against. */
export interface PatternTokens {
  readonly ids: readonly number[];
  /** Tokens that the model adds, such as [CLS] and [SEP]. */
  readonly special: readonly boolean[];
  /** Tokens of nothing but punctuation. */
  readonly punctuation: readonly boolean[];
  /** True when no position sees what follows it. */
  readonly causal: boolean;
}

/**
 * Mean attention that the queries of a head spend on a kind of key. Every score is a mean over the rows in
 * which such a key exists (the previous token of the first does not), and NaN where there is no such row.
 */
export interface HeadPatterns {
  readonly previous: number;
  readonly next: number;
  readonly self: number;
  /** The eight patches around a patch, in a picture. */
  readonly near: number;
  readonly first: number;
  readonly special: number;
  readonly punctuation: number;
  /** Other places of the same token. */
  readonly duplicate: number;
  /** What followed the same token elsewhere (Olsson et al. 2022). */
  readonly induction: number;
  /** Mean entropy of the rows as a share of the largest possible, `ln(visible keys)`. */
  readonly entropy: number;
  /** The distance `k` (|k| > 1, key = query + k) that gets the most, and how much. */
  readonly offset: number;
  readonly offsetScore: number;
}

/** Rows fewer than these say nothing about a habit. */
const minRows = 2;
/** How far a fixed distance is looked for. */
const maxOffset = 16;

/** Measures one head (Clark et al. 2019 measure the same means). */
export function headPatterns(layer: LayerWeights, head: number, tokens: PatternTokens): HeadPatterns {
  const n = layer.numTokens;
  const weights = headOf(layer, head);
  const at = (query: number, key: number): number => weights[query * n + key] as number;
  const diagonal = (distance: number): number =>
    meanOver(n, (query) => {
      const key = query + distance;
      return key >= 0 && key < n ? at(query, key) : NaN;
    });
  const among = (keys: readonly number[]): number =>
    meanOver(n, (query) => {
      const seen = keys.filter((key) => !tokens.causal || key <= query);
      return seen.length === 0 ? NaN : seen.reduce((sum, key) => sum + at(query, key), 0);
    });
  const indices = [...tokens.ids.keys()];
  const { duplicates, successors } = repetitions(tokens);
  const overPlaces = (places: readonly (readonly number[])[]): number =>
    meanOver(n, (query) => {
      const keys = places[query] as readonly number[];
      return keys.length === 0 ? NaN : keys.reduce((sum, key) => sum + at(query, key), 0);
    });
  let offset = 0;
  let offsetScore = NaN;
  for (let distance = -maxOffset; distance <= (tokens.causal ? 0 : maxOffset); distance++) {
    // A diagonal of few rows is strong by chance.
    const score = Math.abs(distance) > 1 && Math.abs(distance) < n / 2 ? diagonal(distance) : NaN;
    if (score > offsetScore || (Number.isNaN(offsetScore) && !Number.isNaN(score))) {
      offset = distance;
      offsetScore = score;
    }
  }
  return {
    previous: diagonal(-1),
    next: tokens.causal ? NaN : diagonal(1),
    self: diagonal(0),
    near: NaN,
    first: meanOver(n, (query) => (query === 0 ? NaN : at(query, 0))),
    special: among(indices.filter((index) => tokens.special[index])),
    punctuation: among(indices.filter((index) => tokens.punctuation[index])),
    duplicate: overPlaces(duplicates),
    induction: overPlaces(successors),
    entropy: meanEntropy(weights, n, n, tokens.causal),
    offset,
    offsetScore,
  };
}

/** For each position: other places of the same token, and the places right behind those. */
function repetitions({ ids, special, causal }: PatternTokens): {
  duplicates: number[][];
  successors: number[][];
} {
  const places = new Map<number, number[]>();
  ids.forEach((id, index) => {
    if (!special[index]) {
      places.set(id, [...(places.get(id) ?? []), index]);
    }
  });
  const duplicates = ids.map((id, query) =>
    special[query] ? [] : (places.get(id) ?? []).filter((key) => key !== query && (!causal || key < query)),
  );
  const successors = duplicates.map((keys, query) =>
    keys.map((key) => key + 1).filter((key) => key < ids.length && key !== query && (!causal || key < query)),
  );
  return { duplicates, successors };
}

/** Mean entropy of the rows of `[numQueries, numKeys]`, as a share of the largest possible. */
export function meanEntropy(
  weights: Float32Array,
  numQueries: number,
  numKeys: number,
  causal: boolean,
): number {
  return meanOver(numQueries, (query) => {
    const visible = causal ? query + 1 : numKeys;
    if (visible < 2) {
      return NaN;
    }
    let entropy = 0;
    for (let key = 0; key < visible; key++) {
      const weight = weights[query * numKeys + key] as number;
      if (weight > 1e-9) {
        entropy -= weight * Math.log(weight);
      }
    }
    return entropy / Math.log(visible);
  });
}

/** Mean of the rows that have a value. */
export function meanOver(n: number, valueOf: (query: number) => number): number {
  let sum = 0;
  let rows = 0;
  for (let query = 0; query < n; query++) {
    const value = valueOf(query);
    if (!Number.isNaN(value)) {
      sum += value;
      rows++;
    }
  }
  return rows < minRows ? NaN : sum / rows;
}
