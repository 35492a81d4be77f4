import { ScopeError } from '../protocol/errors';
import type { ContinuationScore, TextScore } from '../protocol/language';
import type { Token } from '../protocol/model';
import { type Cancellation, type LanguageModel, breathe, rowOf } from './languageModel';
import { logSumExp } from './sampling';

/**
 * Scores each token: from what stands before it with a causal model, in one pass; with a masked model
 * from both sides, masking one token at a time (Salazar et al. 2020), in one pass per token.
 */
export async function score(
  model: LanguageModel,
  text: string,
  cancellation?: Cancellation,
): Promise<TextScore> {
  const { tokens, totalTokens } = model.tokenizer.tokenize(text, model.maxTokens);
  const ids = tokens.map((token) => token.id);
  const logProbabilities =
    model.head === 'masked'
      ? await maskedLogProbabilities(model, tokens, ids, cancellation)
      : await causalLogProbabilities(model, ids);
  // A tokenizer's own frame ([CLS], <s>) is no part of the text.
  const counted = logProbabilities.map((value, index) => (tokens[index]!.special ? undefined : value));
  const scored = counted.filter((value) => value !== undefined);
  const logLikelihood = scored.reduce((sum, value) => sum + value, 0);
  return {
    tokens,
    surprisalBits: counted.map((value) => (value === undefined ? undefined : -value / Math.LN2)),
    logLikelihood,
    numScored: scored.length,
    perplexity: Math.exp(-logLikelihood / scored.length),
    context: model.head === 'masked' ? 'both' : 'left',
    totalTokens,
  };
}

/**
 * Log-likelihood of `continuation` after `prompt` under a causal model. The two are tokenised as one
 * text; a token that reaches over the border counts as continuation.
 */
export async function scoreContinuation(
  model: LanguageModel,
  prompt: string,
  continuation: string,
): Promise<ContinuationScore> {
  model.requireHead('causal');
  const { tokens, totalTokens } = model.tokenizer.tokenize(prompt + continuation, model.maxTokens);
  if (totalTokens > tokens.length) {
    throw new ScopeError('badRequest', `${totalTokens} tokens; the model reads ${model.maxTokens}`);
  }
  const logProbabilities = await causalLogProbabilities(
    model,
    tokens.map((token) => token.id),
  );
  const wanted = logProbabilities.filter(
    (value, index): value is number =>
      value !== undefined && !tokens[index]!.special && tokens[index]!.end > prompt.length,
  );
  return { logLikelihood: wanted.reduce((sum, value) => sum + value, 0), numTokens: wanted.length };
}

/** `log p(token i | tokens before i)` in nats; the first has no context. */
async function causalLogProbabilities(
  model: LanguageModel,
  ids: readonly number[],
): Promise<(number | undefined)[]> {
  model.requireHead('causal');
  if (ids.length < 2) {
    return ids.map(() => undefined);
  }
  const logits = await model.logits(ids);
  return ids.map((id, index) => (index === 0 ? undefined : logProbability(rowOf(logits, index - 1), id)));
}

async function maskedLogProbabilities(
  model: LanguageModel,
  tokens: readonly Token[],
  ids: readonly number[],
  cancellation: Cancellation | undefined,
): Promise<(number | undefined)[]> {
  const mask = model.special.mask;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const values: (number | undefined)[] = [];
  for (const [index, id] of ids.entries()) {
    if (tokens[index]!.special) {
      values.push(undefined);
      continue;
    }
    await breathe();
    if (cancellation?.isCancellationRequested) {
      throw new ScopeError('cancelled');
    }
    const logits = await model.logits(ids.with(index, mask));
    values.push(logProbability(rowOf(logits, index), id));
  }
  return values;
}

function logProbability(logits: ArrayLike<number>, id: number): number {
  return logits[id]! - logSumExp(logits);
}
