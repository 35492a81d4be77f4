import { ScopeError } from '../protocol/errors';
import type { Candidate, GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import type { Token } from '../protocol/model';
import { continueIds, defaultNewTokens } from './continueIds';
import { hasCache, makeDecoder } from './decoder';
import { candidatesOf } from './fillMask';
import { fewestShared, makeSharingDecoder } from './sharedPrefix';
import type { Cancellation } from './cancellation';
import type { LanguageModel } from './languageModel';

/** What a causal model would say next, likeliest first. */
export async function nextToken(
  model: LanguageModel,
  text: string,
  { topK = 10 }: { topK?: number } = {},
): Promise<Candidate[]> {
  model.requireHead('causal');
  const logits = await makeDecoder(model, false).read(idsToContinue(model, promptTokens(model, text)));
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
  const { maxNewTokens = defaultNewTokens } = options;
  if (options.keepEnd) {
    const [ids, numDroppedTokens] = endIds(model, prompt, maxNewTokens);
    const decoder = makeDecoder(model, useCache);
    const generation = await continueIds({ model, decoder, ids, options, onToken, cancellation });
    return { ...generation, numDroppedTokens, usedCache: useCache && hasCache(model) };
  }
  const read = promptTokens(model, prompt);
  const ids = idsToContinue(model, read);
  const numShared = useCache ? sharedTokens(read, options.sharedPrefix ?? 0, ids.length) : 0;
  const sharing = numShared === 0 ? undefined : makeSharingDecoder(model, numShared);
  const decoder = sharing ?? makeDecoder(model, useCache);
  const generation = await continueIds({ model, decoder, ids, options, onToken, cancellation });
  return {
    ...generation,
    numDroppedTokens: 0,
    usedCache: useCache && hasCache(model),
    ...(sharing ? { numReusedTokens: sharing.numReused } : {}),
  };
}

/** Tokens that lie wholly in the beginning; 0 where they are too few to be read by themselves. */
function sharedTokens(tokens: readonly Token[], length: number, numIds: number): number {
  const found = tokens.findIndex(({ end }) => end > length);
  const count = Math.min(found < 0 ? tokens.length : found, numIds - 1);
  return length > 0 && count >= fewestShared ? count : 0;
}

/** @throws {ScopeError} `badRequest` when the model does not read that much */
function promptTokens(model: LanguageModel, prompt: string): readonly Token[] {
  const { tokens, totalTokens } = model.tokenizer.tokenize(prompt, model.maxTokens);
  if (totalTokens > tokens.length) {
    throw new ScopeError('badRequest', `${totalTokens} tokens; the model reads ${model.maxTokens}`);
  }
  return tokens;
}

/** Of a long prompt the end that leaves room for what is to come, at most half the window; and what was dropped. */
function endIds(
  model: LanguageModel,
  prompt: string,
  maxNewTokens: number,
): [ids: number[], dropped: number] {
  const content = model.tokenizer.tokenizeContent(prompt);
  const kept = model.maxTokens - Math.min(maxNewTokens, Math.floor(model.maxTokens / 2));
  const dropped = Math.max(0, content.length - (kept - model.tokenizer.frameSize));
  return [idsToContinue(model, model.tokenizer.framed(content.slice(dropped))), dropped];
}

/** The tokens as the model is to continue them: without the end that some tokenizers put behind a text. */
function idsToContinue(model: LanguageModel, tokens: readonly Token[]): number[] {
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
