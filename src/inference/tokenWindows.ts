import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import type { Tokenizer } from './tokenizer';

/** A long text as a model reads it piece by piece. */
export interface TokenWindows {
  /** Each at most `size` tokens, special tokens included, with ranges in the whole text. */
  readonly windows: readonly (readonly Token[])[];
  /** Tokens of the whole text in one piece, special tokens included; more than `size` if it was cut. */
  readonly totalTokens: number;
}

/**
 * Cuts a text into overlapping windows, as Hugging Face's `return_overflowing_tokens` does.
 * @param size tokens of a window, special tokens included
 * @param stride how many content tokens a window repeats of the one before
 * @throws {ScopeError} `badRequest` when the windows would not advance
 */
export function tokenWindows(tokenizer: Tokenizer, text: string, size: number, stride: number): TokenWindows {
  const room = size - tokenizer.frameSize;
  const step = room - stride;
  if (![size, stride].every(Number.isInteger) || stride < 0 || step < 1) {
    throw new ScopeError('badRequest', `windows of ${size} tokens with a stride of ${stride} do not advance`);
  }
  const content = tokenizer.tokenizeContent(text);
  const windows: Token[][] = [];
  let from = 0;
  do {
    windows.push(tokenizer.framed(content.slice(from, from + room)));
    from += step;
  } while (from - step + room < content.length);
  return { windows, totalTokens: content.length + tokenizer.frameSize };
}
