import { wordOfTokens } from '../compare/sharedWords';
import type { TextRange } from '../protocol/attention';
import type { ClozeSide, WordScore } from '../protocol/compare';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import { type Cancellation, breatheUnlessCancelled } from './cancellation';
import { type LanguageModel, rowOf } from './languageModel';
import { argmax, logSumExp } from './sampling';

/** What a model says at one place where a token is known. Nats. */
interface Expectation {
  readonly logProbability: number;
  readonly best: number;
  readonly rank: number;
}

/**
 * Scores each word of a text, and each token. A causal model reads the text once and predicts every token
 * from what stands before it. A masked model is asked word by word: all tokens of a word are masked at once
 * (whole-word masking), so that none of its pieces gives the others away; its pseudo-log-likelihood masks
 * one token at a time (Salazar et al. 2020), which is the same pass for a word of one token.
 * @param words ascending ranges of the text, in UTF-16 units
 * @throws {ScopeError} `badRequest` when the text does not fit, `modelUnsupported` for other models
 */
export async function scoreWords(
  model: LanguageModel,
  text: string,
  words: readonly TextRange[],
  cancellation?: Cancellation,
): Promise<ClozeSide> {
  const { tokens, totalTokens } = model.tokenizer.tokenize(text, model.maxTokens);
  if (totalTokens > tokens.length) {
    throw new ScopeError('badRequest', `${totalTokens} tokens; the model reads ${model.maxTokens}`);
  }
  const places = tokensOfWords(text, tokens, words);
  const masked = model.head === 'masked';
  const found = masked
    ? await maskedExpectations(model, tokens, places, cancellation)
    : await causalExpectations(model, tokens);
  const tokenBits = found.alone.map((each) => (each ? bits(each.logProbability) : null));
  const scored = found.alone.flatMap((each) => (each ? [each.logProbability] : []));
  const logLikelihood = scored.reduce((sum, each) => sum + each, 0);
  return {
    context: masked ? 'both' : 'left',
    scores: places.map((positions) => wordScore(model, tokens, positions, found.inWord)),
    tokenBits,
    tokens,
    logLikelihood,
    numScored: scored.length,
    perplexity: Math.exp(-logLikelihood / scored.length),
  };
}

function tokensOfWords(
  text: string,
  tokens: readonly Token[],
  words: readonly TextRange[],
): readonly (readonly number[])[] {
  const places: number[][] = words.map(() => []);
  wordOfTokens(text, tokens, words).forEach((word, position) => places[word]?.push(position));
  return places;
}

interface Expectations {
  /** Per token, as a word is predicted: with the other tokens of its word unknown to a masked model. */
  readonly inWord: readonly (Expectation | undefined)[];
  /** Per token, with everything else known to a masked model. */
  readonly alone: readonly (Expectation | undefined)[];
}

async function causalExpectations(model: LanguageModel, tokens: readonly Token[]): Promise<Expectations> {
  model.requireHead('causal');
  const ids = tokens.map(({ id }) => id);
  const logits = await model.logits(ids);
  const found = tokens.map(({ id, special }, position) =>
    position === 0 || special ? undefined : expectation(rowOf(logits, position - 1), id),
  );
  return { inWord: found, alone: found };
}

async function maskedExpectations(
  model: LanguageModel,
  tokens: readonly Token[],
  places: readonly (readonly number[])[],
  cancellation: Cancellation | undefined,
): Promise<Expectations> {
  model.requireHead('masked');
  const mask = model.special.mask;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const ids = tokens.map(({ id }) => id);
  const inWord = new Array<Expectation | undefined>(ids.length);
  const alone = new Array<Expectation | undefined>(ids.length);
  const ask = async (positions: readonly number[]): Promise<readonly Expectation[]> => {
    await breatheUnlessCancelled(cancellation);
    const hidden = new Set(positions);
    const logits = await model.logits(ids.map((id, index) => (hidden.has(index) ? mask : id)));
    return positions.map((position) => expectation(rowOf(logits, position), ids[position]!));
  };
  for (const positions of places.filter(({ length }) => length > 0)) {
    (await ask(positions)).forEach((each, index) => (inWord[positions[index]!] = each));
    if (positions.length === 1) {
      alone[positions[0]!] = inWord[positions[0]!];
    }
  }
  for (const [position, { special, start, end }] of tokens.entries()) {
    if (!special && end > start && !alone[position]) {
      alone[position] = (await ask([position]))[0];
    }
  }
  return { inWord, alone };
}

function expectation(logits: Float32Array, id: number): Expectation {
  const own = logits[id]!;
  return {
    logProbability: own - logSumExp(logits),
    best: argmax(logits),
    rank: 1 + logits.reduce((count, each) => count + (each > own ? 1 : 0), 0),
  };
}

function wordScore(
  model: LanguageModel,
  tokens: readonly Token[],
  positions: readonly number[],
  found: readonly (Expectation | undefined)[],
): WordScore {
  const expected = positions.map((position) => found[position]);
  const [first] = expected;
  if (!first || expected.some((each) => !each)) {
    return { bits: null, right: null, rank: null, guess: '' };
  }
  const known = expected as Expectation[];
  return {
    bits: known.reduce((sum, { logProbability }) => sum + bits(logProbability), 0),
    right: known.every(({ best }, index) => best === tokens[positions[index]!]!.id),
    rank: first.rank,
    guess: guessOf(model.tokenizer.decode(known.map(({ best }) => best))),
  };
}

/** Word pieces are written with blanks between them, which Chinese has not; blanks alone are a guess as well. */
function guessOf(decoded: string): string {
  const joined = decoded.replace(/(?<=\p{Script=Han}) +(?=\p{Script=Han})/gu, '');
  return joined.trim() === '' ? joined : joined.trim();
}

function bits(logProbability: number): number {
  return -logProbability / Math.LN2;
}
