import { ScopeError } from '../protocol/errors';
import type { Candidate, GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import { hasCache, makeDecoder } from './decoder';
import { candidatesOf } from './fillMask';
import { type Cancellation, type LanguageModel, breathe } from './languageModel';
import { argmax, logSumExp, processLogits, sample, seededRandom } from './sampling';
import { StopGate, TokenStream } from './textStream';

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
  const { maxNewTokens = 64, alternatives = 0, useCache = true } = options;
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const random = seededRandom(seed);
  const ids = promptIds(model, prompt);
  const numPromptTokens = ids.length;
  const decoder = makeDecoder(model, useCache);
  const stream = new TokenStream((some) => model.tokenizer.decode(some), ids);
  const gate = new StopGate(options.stop ?? []);
  const tokens: GeneratedToken[] = [];
  let text = '';
  let finish: Generation['finish'] = 'length';

  const started = performance.now();
  let read = started;
  let unread: readonly number[] = ids.slice();
  while (tokens.length < maxNewTokens) {
    await breathe();
    if (cancellation?.isCancellationRequested) {
      finish = 'cancelled';
      break;
    }
    if (ids.length > model.maxTokens) {
      finish = 'context';
      break;
    }
    const logits = await decoder.read(unread);
    if (tokens.length === 0) {
      read = performance.now();
    }
    const processed = processLogits(logits, ids, options);
    const id = options.temperature === 0 ? argmax(processed) : sample(processed, random());
    const ended = model.special.ends.has(id);
    const added = ended ? '' : gate.push(stream.push(id));
    text += added;
    ids.push(id);
    unread = [id];
    const token: GeneratedToken = {
      id,
      piece: model.tokenizer.pieceOf(id),
      text: added,
      logProbability: logits[id]! - logSumExp(logits),
      alternatives: candidatesOf(model, logits, alternatives),
    };
    tokens.push(token);
    onToken(token);
    if (ended || gate.stop !== undefined) {
      finish = ended ? 'end' : 'stop';
      break;
    }
  }
  text += gate.push(stream.flush());
  text += gate.flush();
  return {
    text,
    tokens,
    numPromptTokens,
    finish,
    seed,
    usedCache: useCache && hasCache(model),
    promptMilliseconds: read - started,
    tokenMilliseconds: performance.now() - read,
  };
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
