import { mean, meanInterval, wilson } from '../prompts/statistics';
import type { Interval } from '../prompts/trials';
import { type Agreement, type Cloze, type Maybe, isMissing } from '../protocol/compare';
import { clozeSummary } from './clozeSummary';

/** How far two masked language models say the same, counted: for the page and for the report. */
export interface AgreementTally {
  /** Words that both were asked for. */
  readonly paired: number;
  /** Of these, the ones at which both put the same word first, and where that is the word of the text. */
  readonly same: number;
  readonly sameRight: number;
  /** `same / paired`, with Wilson's 95 % interval. */
  readonly share: number;
  readonly interval: Interval;
  /** How near the whole distributions are; missing where they cannot be compared. */
  readonly distributions: Maybe<Distributions | Extract<Agreement, { vocabulary: 'different' }>>;
}

export interface Distributions {
  readonly vocabulary: 'same';
  readonly vocabularySize: number;
  readonly words: number;
  readonly totalVariation: MeanValue;
  readonly klBits: MeanValue;
  /** Indices of the words at which they differ most, the furthest first. */
  readonly furthest: readonly { readonly word: number; readonly totalVariation: number }[];
}

export interface MeanValue {
  readonly mean: number;
  /** 95 %, bootstrap over words. */
  readonly interval: Interval;
}

const mostNamed = 8;

/** Null where the models are not both masked ones, or no word was asked of both. */
export function agreementTally(cloze: Cloze): AgreementTally | null {
  const { paired, agree: same, bothRight: sameRight } = clozeSummary(cloze);
  if (!cloze.agreement || paired === 0) {
    return null;
  }
  return {
    paired,
    same,
    sameRight,
    share: same / paired,
    interval: wilson(same, paired),
    distributions: distributionsOf(cloze.agreement),
  };
}

function distributionsOf(agreement: Maybe<Agreement>): AgreementTally['distributions'] {
  if (isMissing(agreement) || agreement.vocabulary === 'different') {
    return agreement;
  }
  const found = agreement.divergences.flatMap((each, word) => (each ? [{ word, ...each }] : []));
  if (found.length === 0) {
    return { missing: 'noWords' };
  }
  const meanOf = (values: readonly number[]): MeanValue => ({
    mean: mean(values),
    interval: meanInterval(values),
  });
  return {
    vocabulary: 'same',
    vocabularySize: agreement.vocabularySize,
    words: found.length,
    totalVariation: meanOf(found.map(({ totalVariation }) => totalVariation)),
    klBits: meanOf(found.map(({ klBits }) => klBits)),
    furthest: [...found]
      .sort((a, b) => b.totalVariation - a.totalVariation)
      .slice(0, mostNamed)
      .map(({ word, totalVariation }) => ({ word, totalVariation })),
  };
}
