import type { Tokenizer } from '../inference/tokenizer';
import type { Token } from '../protocol/model';
import type { TextPair } from '../protocol/worker';

/** Two texts as one sequence. */
export interface TokenPair {
  readonly tokens: readonly Token[];
  /** Segment of each token: 0 or 1 where the model tells the texts apart. */
  readonly typeIds: readonly number[];
  /** The first token of the second text. */
  readonly secondFrom: number;
  /** Tokens before truncation, special tokens included. */
  readonly totalTokens: number;
}

/**
 * Encodes two texts as the model's own pair, special tokens and segment numbers included. Of too long a pair the
 * longer text gives way, token by token, as Hugging Face's `longest_first` does.
 */
export function tokenizePair(
  tokenizer: Tokenizer,
  text: string,
  { firstEnd, secondStart }: TextPair,
  maxTokens: number,
): TokenPair {
  const texts = [text.slice(0, firstEnd), text.slice(secondStart)] as const;
  const first = tokenizer.tokenizeContent(texts[0]);
  const second = tokenizer.tokenizeContent(texts[1]).map((token) => moved(token, secondStart));
  const { ids, typeIds } = tokenizer.encodePair(...texts);
  const frame = ids.length - first.length - second.length;
  const before = startOf(ids, first, 0);
  const between = startOf(ids, second, before + first.length) - before - first.length;
  let [keptFirst, keptSecond] = [first.length, second.length];
  while (keptFirst + keptSecond + frame > maxTokens && keptFirst + keptSecond > 0) {
    if (keptFirst > keptSecond) {
      keptFirst--;
    } else {
      keptSecond--;
    }
  }
  const special = (from: number, count: number, place: number): Token[] =>
    ids.slice(from, from + count).map((id) => {
      const piece = tokenizer.pieceOf(id);
      return { id, piece, text: piece, start: place, end: place, special: true };
    });
  const heads = special(0, before, 0);
  const middle = special(before + first.length, between, first[keptFirst - 1]?.end ?? 0);
  const behind = before + first.length + between + second.length;
  const tails = special(behind, ids.length - behind, second[keptSecond - 1]?.end ?? secondStart);
  // A separator belongs to the text that it ends.
  const types = [
    ...typeIds.slice(0, before + keptFirst),
    ...typeIds.slice(before + first.length, before + first.length + between + keptSecond),
    ...typeIds.slice(behind),
  ];
  return {
    tokens: [...heads, ...first.slice(0, keptFirst), ...middle, ...second.slice(0, keptSecond), ...tails],
    typeIds: types,
    secondFrom: before + keptFirst + between,
    totalTokens: ids.length,
  };
}

/** Two texts that a decoder reads one after the other: it knows no pairs. */
export function splitTokens(tokens: readonly Token[], { secondStart }: TextPair): number {
  const found = tokens.findIndex((token) => token.end > token.start && token.start >= secondStart);
  return found < 0 ? tokens.length : found;
}

export function moved(token: Token, distance: number): Token {
  return { ...token, start: token.start + distance, end: token.end + distance };
}

/** Where `tokens` stand in `ids`, from `from` on. */
function startOf(ids: readonly number[], tokens: readonly Token[], from: number): number {
  const last = ids.length - tokens.length;
  for (let start = from; start <= last; start++) {
    if (tokens.every((token, index) => ids[start + index] === token.id)) {
      return start;
    }
  }
  return from;
}
