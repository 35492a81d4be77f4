/** Consecutive tokens that are shown as one. */
export interface TokenGroup {
  /** Index of the first token. */
  readonly start: number;
  /** Index behind the last. */
  readonly end: number;
}

/** Runs of the same number in `wordOf`, in order. */
export function groupTokens(wordOf: readonly number[]): TokenGroup[] {
  const groups: { start: number; end: number }[] = [];
  wordOf.forEach((word, index) => {
    const last = groups.at(-1);
    if (last && index > 0 && wordOf[index - 1] === word) {
      last.end = index + 1;
    } else {
      groups.push({ start: index, end: index + 1 });
    }
  });
  return groups;
}

/**
 * Attention between words (Clark et al. 2019): to a word is the sum over its tokens, from a word the mean,
 * so that rows still sum to 1.
 * @param weights `[queries, numKeys]`
 * @returns `[from, to]`
 */
export function attentionBetweenGroups(
  weights: Float32Array,
  numKeys: number,
  from: readonly TokenGroup[],
  to: readonly TokenGroup[],
): Float32Array {
  const merged = new Float32Array(from.length * to.length);
  from.forEach((queries, row) => {
    const share = 1 / (queries.end - queries.start);
    for (let query = queries.start; query < queries.end; query++) {
      to.forEach((keys, column) => {
        let sum = 0;
        for (let key = keys.start; key < keys.end; key++) {
          sum += weights[query * numKeys + key]!;
        }
        merged[row * to.length + column]! += sum * share;
      });
    }
  });
  return merged;
}
