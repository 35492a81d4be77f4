import type { GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import type { Decoder } from './decoder';
import { candidatesOf } from './fillMask';
import { type Cancellation, breathe } from './cancellation';
import type { LanguageModel } from './languageModel';
import { seededRandom } from '../prompts/random';
import { argmax, entropyBits, logSumExp, processLogits, sample } from './sampling';
import { StopGate, TokenStream } from './textStream';

/** How many tokens are drawn where nothing is said. */
export const defaultNewTokens = 64;

/** A generation from the first ids on. */
export interface Continuation {
  readonly model: Pick<LanguageModel, 'tokenizer' | 'special' | 'maxTokens'>;
  readonly decoder: Decoder;
  /** What stands before the first new token. */
  readonly ids: readonly number[];
  readonly options: GenerationOptions;
  readonly onToken?: ((token: GeneratedToken) => void) | undefined;
  readonly cancellation?: Cancellation | undefined;
  /** Tokens that are never drawn (`bad_words_ids`). */
  readonly suppressed?: readonly number[];
  /** Tokens that may not come first (`begin_suppress_tokens`). */
  readonly suppressedFirst?: readonly number[];
  /** The token that a model insists on at a step, e.g. the language that follows (`forced_bos_token_id`). */
  readonly forced?: (step: number) => number | undefined;
}

/** Draws token after token until an end, a stop string, a limit or a cancel; a cancel is seen before each. */
export async function continueIds(continuation: Continuation): Promise<Omit<Generation, 'usedCache'>> {
  const { model, decoder, options, onToken, cancellation, forced } = continuation;
  const { suppressed = [], suppressedFirst = [] } = continuation;
  const { maxNewTokens = defaultNewTokens, alternatives = 0 } = options;
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const random = seededRandom(seed);
  const ids = [...continuation.ids];
  const numPromptTokens = ids.length;
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
    const banned = tokens.length === 0 ? [...suppressed, ...suppressedFirst] : suppressed;
    const likeliest = argmax(logits);
    const id = forced?.(tokens.length) ?? draw(logits, likeliest, ids, options, banned, random);
    const ended = model.special.ends.has(id);
    const added = ended ? '' : gate.push(stream.push(id));
    text += added;
    ids.push(id);
    unread = [id];
    const token: GeneratedToken = {
      id,
      piece: model.tokenizer.pieceOf(id),
      text: added,
      logProbability: logits[id]! - logSumExp(logits, logits[likeliest]),
      alternatives: candidatesOf(model, logits, alternatives),
      ...(alternatives > 0 ? { entropyBits: entropyBits(logits) } : {}),
    };
    tokens.push(token);
    onToken?.(token);
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
    numDroppedTokens: 0,
    finish,
    seed,
    promptMilliseconds: read - started,
    tokenMilliseconds: performance.now() - read,
  };
}

/** The next token's id. */
function draw(
  logits: Float32Array,
  likeliest: number,
  ids: readonly number[],
  options: GenerationOptions,
  banned: readonly number[],
  random: () => number,
): number {
  const { temperature, repetitionPenalty = 1 } = options;
  if (temperature === 0 && repetitionPenalty === 1 && banned.length === 0) {
    // No copy of a vocabulary is needed for it.
    return likeliest;
  }
  const processed = processLogits(logits, ids, options);
  for (const id of banned) {
    processed[id] = -Infinity;
  }
  return temperature === 0 ? argmax(processed) : sample(processed, random());
}
