import { measureReplaced } from './measureReplaced';
import { type Measuring, attempt, compareOwner } from './measuring';
import { languageOf, sentencesOf } from './sharedWords';
import {
  type CausalExample,
  type Maybe,
  type MaskedExample,
  type NextSentenceExample,
  type Pretraining,
  type SharedWord,
  isMissing,
} from '../protocol/compare';
import { NextSentence, Score } from '../protocol/language';
import { MaskText } from '../protocol/measures';
import type { ModelSource } from '../protocol/model';

/** The tasks that the models were trained on, run once on this text. */
export async function measurePretraining(
  measuring: Measuring,
  text: string,
  words: readonly SharedWord[],
  seeds: { readonly masked: number; readonly replaced: number },
): Promise<Pretraining> {
  return {
    masked: await maskText(measuring, text, seeds.masked),
    causal: await predictNext(measuring, text),
    nextSentence: await followUp(measuring, text),
    replaced: await measureReplaced(measuring, text, words, seeds.replaced),
  };
}

/** Masks the text; another seed masks other tokens. */
export function maskText(measuring: Measuring, text: string, seed: number): Promise<Maybe<MaskedExample>> {
  return attempt(measuring, 'notMasked', () =>
    measuring.ask(MaskText, { model: measuring.models.left, owner: compareOwner, text, seed }),
  );
}

/** More bars than this nobody looks at. */
const maxLosses = 1024;

function predictNext(measuring: Measuring, text: string): Promise<Maybe<CausalExample>> {
  return attempt(measuring, 'notCausal', async () => {
    const model = measuring.models.right;
    const score = await measuring.ask(Score, { model, owner: compareOwner, text, maxTokens: maxLosses });
    const losses = score.scores.map((each) => each && each.surprisalBits * Math.LN2);
    return {
      tokens: score.tokens,
      losses,
      loss: -score.logLikelihood / score.numScored,
      perplexity: score.perplexity,
    };
  });
}

/** Sentences about nothing that a text is likely to be about. */
const unrelated = {
  en: ['The invoice must be paid before the end of March.', 'Penguins cannot fly, but they swim very well.'],
  zh: ['发票必须在三月底之前付清。', '企鹅不会飞，但是很会游泳。'],
} as const;

async function followUp(measuring: Measuring, text: string): Promise<Maybe<NextSentenceExample>> {
  const [first, second] = sentencesOf(text, 2);
  if (first === undefined || second === undefined) {
    return { missing: 'oneSentence' };
  }
  const other = unrelated[languageOf(text)].find((each) => !text.includes(each)) ?? unrelated.en[0];
  const { left } = measuring.models;
  const { encoder } = measuring.bundled;
  const own = await asked(measuring, left, first, second, other);
  return isMissing(own) && own.missing === 'noHead' && encoder && encoder.folder !== left.folder
    ? asked(measuring, encoder, first, second, other)
    : own;
}

function asked(
  measuring: Measuring,
  model: ModelSource,
  first: string,
  second: string,
  other: string,
): Promise<Maybe<NextSentenceExample>> {
  const follows = async (one: string, two: string): Promise<number> =>
    (await measuring.ask(NextSentence, { model, owner: compareOwner, first: one, second: two })).probability;
  return attempt(measuring, 'noHead', async () => ({
    model: model.id,
    first,
    second,
    probability: await follows(first, second),
    swapped: await follows(second, first),
    unrelated: { text: other, probability: await follows(first, other) },
  }));
}
