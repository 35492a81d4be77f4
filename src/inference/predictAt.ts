import { ScopeError } from '../protocol/errors';
import type { Candidate, Prediction } from '../protocol/language';
import { candidatesOf } from './fillMask';
import { nextToken } from './generation';
import { type LanguageModel, rowOf } from './languageModel';
import type { Tokenizer } from './tokenizer';

/** Of the context that a masked model reads, at most this share stands before the place. */
const shareBefore = 0.75;
/** Mask, frame, and what re-tokenising at the new borders may add. */
const reservedTokens = 8;

/**
 * What the model would put between `before` and `after`. A masked model reads both (Devlin et al.
 * 2019), a causal one only what stands before. Of a longer text the nearest part is read.
 */
export async function predictAt(
  model: LanguageModel,
  before: string,
  after: string,
  topK: number,
): Promise<Prediction> {
  return model.head === 'masked'
    ? { head: 'masked', candidates: await predictMasked(model, before, after, topK) }
    : { head: 'causal', candidates: await predictNext(model, before, topK) };
}

async function predictMasked(
  model: LanguageModel,
  before: string,
  after: string,
  topK: number,
): Promise<Candidate[]> {
  const mask = model.special.mask;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const room = model.maxTokens - reservedTokens;
  const left = lastTokens(model.tokenizer, before, Math.floor(room * shareBefore));
  const right = firstTokens(model.tokenizer, after, room - contentOf(model.tokenizer, left).length);
  const text = left + model.tokenizer.pieceOf(mask) + right;
  const { tokens } = model.tokenizer.tokenize(text, model.maxTokens);
  // The text may have masks of its own; ours ends nearest to where we put it.
  const place = left.length + model.tokenizer.pieceOf(mask).length;
  const position = [...tokens.keys()]
    .filter((index) => tokens[index]!.id === mask)
    .sort((a, b) => Math.abs(tokens[a]!.end - place) - Math.abs(tokens[b]!.end - place))[0];
  if (position === undefined) {
    throw new ScopeError('internal', 'the tokenizer lost the mask');
  }
  const logits = await model.logits(tokens.map((token) => token.id));
  return candidatesOf(model, rowOf(logits, position), topK).map((candidate) => ({
    ...candidate,
    text: withSpaces(candidate.text, left, right),
  }));
}

/** A space at the end would be read as a word of its own, so it is left to the answer. */
async function predictNext(model: LanguageModel, before: string, topK: number): Promise<Candidate[]> {
  const trimmed = before.trimEnd();
  // A line break is what the model should know; only blanks belong to the next word.
  const prompt = /[\r\n]/.test(before.slice(trimmed.length)) ? before : trimmed;
  const read = lastTokens(model.tokenizer, prompt, model.maxTokens - reservedTokens);
  const candidates = await nextToken(model, read, { topK });
  const hadSpace = prompt.length < before.length;
  return candidates.map((candidate) => ({
    ...candidate,
    text: hadSpace ? candidate.text.replace(/^ /, '') : candidate.text,
  }));
}

/** A word that would run into its neighbours gets spaces; what goes on with the word before it does not. */
function withSpaces(text: string, left: string, right: string): string {
  const word = text.trim();
  if (word === '' || /^\S/.test(text)) {
    return word;
  }
  const before = needsSpace(left.at(-1), word[0]) ? ' ' : '';
  return before + word + (needsSpace(word.at(-1), right[0]) ? ' ' : '');
}

/** Whether two neighbours are of words that are written apart, as Chinese, Japanese and Thai are not. */
function needsSpace(left = '', right = ''): boolean {
  return (
    /[\p{L}\p{N}\p{M},.;:!?)\]}]/u.test(left) && /[\p{L}\p{N}]/u.test(right) && !unspaced.test(left + right)
  );
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The end of `text` that has at most `count` tokens. */
function lastTokens(tokenizer: Tokenizer, text: string, count: number): string {
  const tokens = contentOf(tokenizer, text);
  return tokens.length <= count ? text : text.slice(tokens[tokens.length - count]?.start ?? text.length);
}

/** The beginning of `text` that has at most `count` tokens. */
function firstTokens(tokenizer: Tokenizer, text: string, count: number): string {
  const tokens = contentOf(tokenizer, text);
  return tokens.length <= count ? text : text.slice(0, tokens[count]?.start ?? 0);
}

function contentOf(tokenizer: Tokenizer, text: string): readonly { start: number }[] {
  return tokenizer.tokenize(text, Infinity).tokens.filter((token) => token.end > token.start);
}
