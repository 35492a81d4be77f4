import { type Reading, type Side, isMissing } from '../protocol/compare';
import type { Token } from '../protocol/model';

/** How a model cuts a text into tokens, counted. */
export interface TokenFacts {
  readonly tokens: number;
  /** `[CLS]`, `[SEP]` and their like. */
  readonly special: number;
  /** Tokens that stand for something the vocabulary does not have. */
  readonly unknown: number;
  /** Words with a letter or a digit that lie within what the model read. */
  readonly words: number;
  /** Tokens of such words, per word; null without words. */
  readonly tokensPerWord: number | null;
  /** Words that are one token. */
  readonly wholeWords: number;
}

/** Null where the side could not be measured. */
export function tokenFacts(reading: Reading, side: Side): TokenFacts | null {
  const run = reading[side];
  if (isMissing(run)) {
    return null;
  }
  const perWord = new Map<number, number>();
  for (const word of reading.wordOf[side]) {
    if (reading.words[word]?.counts) {
      perWord.set(word, (perWord.get(word) ?? 0) + 1);
    }
  }
  const counts = [...perWord.values()];
  return {
    tokens: run.tokens.length,
    special: run.tokens.filter((token) => token.special && !isUnknown(token)).length,
    unknown: run.tokens.filter(isUnknown).length,
    words: counts.length,
    tokensPerWord: counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0) / counts.length,
    wholeWords: counts.filter((count) => count === 1).length,
  };
}

/** Whether the token is its vocabulary's stand-in for what it does not know. */
export function isUnknown({ piece }: Token): boolean {
  return piece === '[UNK]' || piece === '<unk>';
}
