/** Where a token stands, in UTF-16 units. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly special: boolean;
}

/**
 * The word that each token belongs to, as numbers that neighbours of one word share. Words are those of
 * Unicode (UAX 29) with the dictionaries of ICU, so that Chinese is divided into words, not characters.
 * A special token is a word of its own.
 */
export function wordsOfTokens(text: string, tokens: readonly Place[]): number[] {
  const covered = text.slice(
    0,
    tokens.reduce((most, token) => Math.max(most, token.end), 0),
  );
  const starts = [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(covered)].map(
    (segment) => segment.index,
  );
  return tokens.map((token, index) => {
    if (token.special || token.end <= token.start) {
      return -1 - index;
    }
    // The blank before a word is part of its token in byte-level vocabularies.
    const leading = /^\s*/.exec(text.slice(token.start, token.end))?.[0].length ?? 0;
    const place = token.start + leading < token.end ? token.start + leading : token.start;
    return lastAtOrBefore(starts, place);
  });
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] as number) <= value) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
