import { ScopeError } from '../protocol/errors';
import type { ContinuationScore, TextScore, TokenScore } from '../protocol/language';
import type { Token } from '../protocol/model';
import { candidatesOf } from './fillMask';
import { type Cancellation, breatheUnlessCancelled } from './cancellation';
import { type LanguageModel, rowOf } from './languageModel';
import { logSumExp } from './sampling';
import { scoringWindows } from './scoringWindows';

/** The longest stretch that is read at once: its logits are a matrix of tokens × vocabulary. */
const maxWindow = 512;

export interface ScoreOptions {
  /** What stands before the text: read as context by a causal model, not scored. */
  readonly before?: string;
  /** How many of the likeliest tokens are told of each place. */
  readonly topK?: number;
  /** No more tokens of the text are scored than this. */
  readonly maxTokens?: number;
  /** Told after each window, or each token of a masked model. */
  readonly onScored?: (done: number, total: number) => void;
  readonly cancellation?: Cancellation | undefined;
}

/**
 * Scores each token: from what stands before it with a causal model; with a masked model from both sides, masking
 * one token at a time (Salazar et al. 2020), in one pass per token. A text longer than the model's window is read in
 * windows that overlap by half ({@link scoringWindows}): with a causal model every token has at least half a window
 * of context, except at the very start.
 * @throws {ScopeError} `modelUnsupported` for other models, `cancelled`
 */
export async function score(
  model: LanguageModel,
  text: string,
  options: ScoreOptions = {},
): Promise<TextScore> {
  const masked = model.head === 'masked';
  model.requireHead(masked ? 'masked' : 'causal');
  const before = masked ? '' : (options.before ?? '');
  const content = model.tokenizer.tokenizeContent(before + text);
  const found = content.findIndex(({ end }) => end > before.length);
  const first = found < 0 ? content.length : found;
  const last = Math.min(content.length, first + (options.maxTokens ?? Infinity));
  const room = Math.min(model.maxTokens, maxWindow) - model.tokenizer.frameSize;
  const context = masked ? 'both' : 'left';
  const windows = scoringWindows(last, room, first, context);
  const scores: (TokenScore | null)[] = [];
  for (const window of windows) {
    const framed = model.tokenizer.framed(content.slice(window.from, window.to));
    const shift = framed.indexOf(content[window.from] as Token) - window.from;
    const read = await readerOf(model, framed, options.cancellation);
    for (let place = window.scoreFrom; place < window.scoreTo; place++) {
      const logits = content[place]!.special ? undefined : await read(place + shift);
      scores.push(logits ? tokenScore(model, logits, content[place]!.id, options.topK ?? 0) : null);
      if (masked || place + 1 === window.scoreTo) {
        options.onScored?.(scores.length, last - first);
      }
    }
  }
  const scored = scores.filter((each) => each !== null);
  const logLikelihood = -Math.LN2 * scored.reduce((sum, { surprisalBits }) => sum + surprisalBits, 0);
  const inText = (offset: number): number => Math.max(0, offset - before.length);
  return {
    tokens: content.slice(first, last).map((token) => ({
      ...token,
      start: inText(token.start),
      end: inText(token.end),
    })),
    scores,
    logLikelihood,
    numScored: scored.length,
    perplexity: Math.exp(-logLikelihood / scored.length),
    context,
    totalTokens: content.length - first,
    numWindows: windows.length,
    windowTokens: room + model.tokenizer.frameSize,
    numContextTokens: first - (windows[0]?.from ?? first),
  };
}

/** Gives the logits that expect the token at a place of a window; undefined where nothing stands before it. */
type Reader = (index: number) => Promise<Float32Array> | Float32Array | undefined;

async function readerOf(
  model: LanguageModel,
  tokens: readonly Token[],
  cancellation: Cancellation | undefined,
): Promise<Reader> {
  const ids = tokens.map(({ id }) => id);
  if (model.head === 'masked') {
    const mask = model.special.mask;
    if (mask === undefined) {
      throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
    }
    return async (index) => {
      await breatheUnlessCancelled(cancellation);
      return rowOf(await model.logits(ids.with(index, mask)), index);
    };
  }
  await breatheUnlessCancelled(cancellation);
  const logits = ids.length < 2 ? undefined : await model.logits(ids);
  return (index) => (logits && index > 0 ? rowOf(logits, index - 1) : undefined);
}

function tokenScore(model: LanguageModel, logits: Float32Array, id: number, topK: number): TokenScore {
  const own = logits[id]!;
  return {
    surprisalBits: -logProbability(logits, id) / Math.LN2,
    rank: 1 + logits.reduce((count, each) => count + (each > own ? 1 : 0), 0),
    alternatives: candidatesOf(model, logits, topK),
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

function logProbability(logits: ArrayLike<number>, id: number): number {
  return logits[id]! - logSumExp(logits);
}
