import { type TokenGroup } from '../../src/attention/words';
import type { AttentionRun } from '../../src/protocol/attention';
import { type Reading, type Side, isMissing } from '../../src/protocol/compare';
import { shortText } from '../common/tokenText';
import type { Look } from './look';

/** One row and column of a matrix: a token, or the tokens of a word. */
export interface AxisUnit {
  readonly group: TokenGroup;
  readonly label: string;
  /** Index of the word; -1 for a special token. */
  readonly word: number;
}

/** A place in a matrix, by its row and column. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** How many tokens a run's matrix has along each edge. */
export function runSize(run: AttentionRun): number {
  // Of an encoder-decoder the first stack is shown: the encoder's, over the source.
  return run.stacks ? (run.secondFrom ?? run.tokens.length) : run.tokens.length;
}

/** Tokens of each word that lie within the matrix, as one run per word. */
export function wordGroups(run: AttentionRun, wordOf: readonly number[]): ReadonlyMap<number, TokenGroup> {
  const groups = new Map<number, TokenGroup>();
  for (let index = 0; index < runSize(run); index++) {
    const word = wordOf[index] ?? -1;
    if (word >= 0) {
      groups.set(word, { start: groups.get(word)?.start ?? index, end: index + 1 });
    }
  }
  return groups;
}

/**
 * Rows and columns of a side's matrix. By words both sides have the same ones, except for special tokens where
 * they are shown: words that one model did not read are left out of both.
 */
export function axisOf(reading: Reading, side: Side, look: Pick<Look, 'axes' | 'special'>): AxisUnit[] {
  const run = reading[side];
  if (isMissing(run)) {
    return [];
  }
  const wordOf = reading.wordOf[side];
  const groups = wordGroups(run, wordOf);
  const other = side === 'left' ? 'right' : 'left';
  const otherRun = reading[other];
  const shared = isMissing(otherRun) ? groups : wordGroups(otherRun, reading.wordOf[other]);
  const units: AxisUnit[] = [];
  for (let index = 0; index < runSize(run); index++) {
    const token = run.tokens[index];
    const word = wordOf[index] ?? -1;
    const group = { start: index, end: index + 1 };
    if (!token) {
      continue;
    }
    if (word < 0) {
      if (look.special) {
        units.push({ group, label: shortText(token, 14), word });
      }
    } else if (look.axes === 'tokens') {
      units.push({ group, label: shortText(token, 14), word });
    } else if (groups.get(word)?.start === index && shared.has(word)) {
      units.push({
        group: groups.get(word) ?? group,
        label: shortText({ ...token, text: reading.words[word]?.text ?? token.text }, 14),
        word,
      });
    }
  }
  return units;
}

/** Attention between two words of a run: to a word the sum over its tokens, from a word the mean. */
export function betweenWords(weights: Float32Array, n: number, query: TokenGroup, key: TokenGroup): number {
  let sum = 0;
  for (let row = query.start; row < query.end; row++) {
    for (let column = key.start; column < key.end; column++) {
      sum += weights[row * n + column] ?? 0;
    }
  }
  return sum / (query.end - query.start);
}
