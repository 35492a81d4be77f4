import { ScopeError } from '../protocol/errors';
import type { Candidate, GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import { continueIds } from './continueIds';
import { hasCache, makeDecoder } from './decoder';
import { candidatesOf } from './fillMask';
import type { Cancellation, LanguageModel } from './languageModel';

/** What a causal model would say next, likeliest first. */
export async function nextToken(
  model: LanguageModel,
  text: string,
  { topK = 10 }: { topK?: number } = {},
): Promise<Candidate[]> {
  model.requireHead('causal');
  const logits = await makeDecoder(model, false).read(promptIds(model, text));
  return candidatesOf(model, logits, topK);
}

/**
 * Continues `prompt`. `onToken` is called for each token as it comes; a cancel is seen before the next
 * one, and what was generated until then is returned. The streamed texts are a beginning of the result's
 * `text`, which also has what was still held back at the end.
 */
export async function generate(
  model: LanguageModel,
  prompt: string,
  options: GenerationOptions = {},
  onToken: (token: GeneratedToken) => void = () => undefined,
  cancellation?: Cancellation,
): Promise<Generation> {
  model.requireHead('causal');
  const { useCache = true } = options;
  const ids = promptIds(model, prompt);
  const decoder = makeDecoder(model, useCache);
  const generation = await continueIds({ model, decoder, ids, options, onToken, cancellation });
  return { ...generation, usedCache: useCache && hasCache(model) };
}

/** The prompt as the model is to continue it: without the end that some tokenizers put behind a text. */
function promptIds(model: LanguageModel, prompt: string): number[] {
  const { tokens, totalTokens } = model.tokenizer.tokenize(prompt, model.maxTokens);
  if (totalTokens > tokens.length) {
    throw new ScopeError('badRequest', `${totalTokens} tokens; the model reads ${model.maxTokens}`);
  }
  const ids = tokens.map((token) => token.id);
  const last = tokens.at(-1);
  if (last?.special && last.start === last.end && ids.length > 1) {
    ids.pop();
  }
  if (ids.length === 0 && model.special.begin !== undefined) {
    ids.push(model.special.begin);
  }
  if (ids.length === 0) {
    throw new ScopeError('emptyText');
  }
  return ids;
}
