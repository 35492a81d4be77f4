/** Where one head's attention goes, as shares of a row, averaged over the rows. They sum to 1 without `first`. */
export interface AttentionShares {
  /** To tokens before the query. */
  readonly left: number;
  /** To the query itself. */
  readonly self: number;
  /** To tokens behind the query: 0 wherever there is a causal mask. */
  readonly right: number;
  /** To the text's first token, from every query; part of `left`, and of `self` for the first query. */
  readonly first: number;
}

/** @param weights `[n, n]`, row-major, rows sum to 1 */
export function attentionShares(weights: Float32Array, n: number): AttentionShares {
  let [left, self, right, first] = [0, 0, 0, 0];
  for (let query = 0; query < n; query++) {
    first += weights[query * n]!;
    self += weights[query * n + query]!;
    for (let key = 0; key < n; key++) {
      const weight = weights[query * n + key]!;
      left += key < query ? weight : 0;
      right += key > query ? weight : 0;
    }
  }
  return { left: left / n, self: self / n, right: right / n, first: first / n };
}

/** The same shares of a head that looks at all it may see alike: what the measured ones are held against. */
export function uniformShares(n: number, causal: boolean): AttentionShares {
  // The row of query i spreads over i + 1 tokens under the mask, over n without it.
  let [left, self, right, first] = [0, 0, 0, 0];
  for (let query = 0; query < n; query++) {
    const seen = causal ? query + 1 : n;
    left += query / seen;
    self += 1 / seen;
    right += causal ? 0 : (n - 1 - query) / seen;
    first += 1 / seen;
  }
  return { left: left / n, self: self / n, right: right / n, first: first / n };
}
