import { type Reading, isMissing } from '../../src/protocol/compare';

/** Tokens of both models that stand above one another: those of a word, or special tokens between words. */
export interface WordColumn {
  /** Index of the word; null for special tokens. */
  readonly word: number | null;
  /** Indices into the run's tokens. */
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Both tokenisations in step, word by word. */
export function wordColumns(reading: Reading): WordColumn[] {
  const [left, right] = [parts(reading, 'left'), parts(reading, 'right')];
  const columns: WordColumn[] = [];
  for (let word = 0; word <= reading.words.length; word++) {
    for (const [place, kind] of [
      [null, 'special'],
      [word, 'words'],
    ] as const) {
      const [above, below] = [left[kind].get(word) ?? [], right[kind].get(word) ?? []];
      if (above.length + below.length > 0) {
        columns.push({ word: place, left: above, right: below });
      }
    }
  }
  return columns;
}

interface Parts {
  readonly words: ReadonlyMap<number, readonly number[]>;
  /** By the word that follows; behind the last word by the number of words. */
  readonly special: ReadonlyMap<number, readonly number[]>;
}

function parts(reading: Reading, side: 'left' | 'right'): Parts {
  const words = new Map<number, number[]>();
  const special = new Map<number, number[]>();
  const run = reading[side];
  let waiting: number[] = [];
  if (!isMissing(run)) {
    run.tokens.forEach((_, index) => {
      const word = reading.wordOf[side][index] ?? -1;
      if (word < 0) {
        waiting.push(index);
        return;
      }
      if (waiting.length > 0) {
        special.set(word, [...(special.get(word) ?? []), ...waiting]);
        waiting = [];
      }
      words.set(word, [...(words.get(word) ?? []), index]);
    });
    if (waiting.length > 0) {
      special.set(reading.words.length, waiting);
    }
  }
  return { words, special };
}
