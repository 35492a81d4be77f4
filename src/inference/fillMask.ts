import { ScopeError } from '../protocol/errors';
import type { Candidate, FilledMask } from '../protocol/language';
import { type LanguageModel, rowOf } from './languageModel';
import { rank } from './sampling';

/**
 * Fills every mask token of `text` (Devlin et al. 2019). Several masks are filled from one forward
 * pass, each as if the others stayed masked. A text without a mask gives an empty list.
 */
export async function fillMask(
  model: LanguageModel,
  text: string,
  { topK = 10 }: { topK?: number } = {},
): Promise<FilledMask[]> {
  model.requireHead('masked');
  const mask = model.special.mask;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const { tokens } = model.tokenizer.tokenize(text, model.maxTokens);
  const positions = [...tokens.keys()].filter((index) => tokens[index]!.id === mask);
  if (positions.length === 0) {
    return [];
  }
  const logits = await model.logits(tokens.map((token) => token.id));
  return positions.map((position) => ({
    position,
    start: tokens[position]!.start,
    end: tokens[position]!.end,
    // A mask stands between spaces of its own.
    candidates: candidatesOf(model, rowOf(logits, position), topK).map((each) => ({
      ...each,
      text: each.text.trim(),
    })),
  }));
}

/** The `count` likeliest tokens of one row of logits. */
export function candidatesOf(
  model: Pick<LanguageModel, 'tokenizer'>,
  logits: ArrayLike<number>,
  count: number,
): Candidate[] {
  return rank(logits, count).map(({ id, logProbability }) => ({
    id,
    piece: model.tokenizer.pieceOf(id),
    text: model.tokenizer.textOf(id),
    probability: Math.exp(logProbability),
  }));
}
