import { type Paired, comparePaired, wilson } from '../prompts/statistics';
import type { Interval } from '../prompts/trials';
import { type Cloze, type ClozeSide, type WordScore, isMissing } from '../protocol/compare';

/** What a cloze test over all words of a text says, counted: for the page and for the report. */

/** One model's answers. Only words with a letter or a digit are counted. */
export interface ClozeTally {
  /** Words that were the model's first choice, whole. */
  readonly right: number;
  /** Words that the model was asked for: a decoder has nothing to go by at the first. */
  readonly scored: number;
  /** `right / scored`; 0 when nothing was scored. */
  readonly accuracy: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly interval: Interval;
  /** Mean of `-log2 p(word)` over the scored words; null when there is none. */
  readonly meanBits: number | null;
}

export interface ClozeSummary {
  /** Null where the side could not be measured. */
  readonly left: ClozeTally | null;
  readonly right: ClozeTally | null;
  /** Words that count. */
  readonly words: number;
  /** What follows is counted over the words that both were asked for; all 0 when a side is missing. */
  readonly paired: number;
  readonly bothRight: number;
  readonly onlyLeft: number;
  readonly onlyRight: number;
  readonly neither: number;
  /** Words for which both guessed the same, right or wrong. */
  readonly agree: number;
  /** Words that cost a model fewer bits than the other, by more than {@link clearlyEasier}. */
  readonly easierLeft: number;
  readonly easierRight: number;
  /** Left minus right, word by word; null without a pair. */
  readonly comparison: Paired | null;
}

/** Bits by which a word must be cheaper to be called easier: half a bit is a factor of 1.4 in probability. */
const clearlyEasier = 0.5;

/** Which model found a word clearly easier; null when neither did, or one was not asked. */
export function easierSide(
  left: WordScore | undefined,
  right: WordScore | undefined,
): 'left' | 'right' | null {
  const [a, b] = [left?.bits ?? null, right?.bits ?? null];
  if (a === null || b === null || Math.abs(a - b) <= clearlyEasier) {
    return null;
  }
  return a < b ? 'left' : 'right';
}

export function clozeSummary(cloze: Cloze): ClozeSummary {
  const counted = [...cloze.words.keys()].filter((index) => cloze.words[index]?.counts);
  const [left, right] = [
    isMissing(cloze.left) ? null : cloze.left,
    isMissing(cloze.right) ? null : cloze.right,
  ];
  const pairs = counted
    .map((index) => [left?.scores[index], right?.scores[index]] as const)
    .filter((pair): pair is [WordScore, WordScore] => wasAsked(pair[0]) && wasAsked(pair[1]));
  const count = (accept: (left: WordScore, right: WordScore) => boolean): number =>
    pairs.filter(([a, b]) => accept(a, b)).length;
  return {
    left: left && tally(left, counted),
    right: right && tally(right, counted),
    words: counted.length,
    paired: pairs.length,
    bothRight: count((a, b) => a.right === true && b.right === true),
    onlyLeft: count((a, b) => a.right === true && b.right === false),
    onlyRight: count((a, b) => a.right === false && b.right === true),
    neither: count((a, b) => a.right === false && b.right === false),
    agree: count((a, b) => a.guess.trim() === b.guess.trim()),
    easierLeft: count((a, b) => easierSide(a, b) === 'left'),
    easierRight: count((a, b) => easierSide(a, b) === 'right'),
    comparison:
      pairs.length === 0
        ? null
        : comparePaired(
            pairs.map(([a]) => a.right === true),
            pairs.map(([, b]) => b.right === true),
          ),
  };
}

function wasAsked(score: WordScore | undefined): boolean {
  return score !== undefined && score.right !== null;
}

function tally(side: ClozeSide, counted: readonly number[]): ClozeTally {
  const scores = counted.map((index) => side.scores[index]).filter((score) => score !== undefined);
  const asked = scores.filter(wasAsked);
  const right = asked.filter((score) => score.right === true).length;
  const bits = scores.map((score) => score.bits).filter((value) => value !== null);
  return {
    right,
    scored: asked.length,
    accuracy: asked.length === 0 ? 0 : right / asked.length,
    interval: wilson(right, asked.length),
    meanBits: bits.length === 0 ? null : bits.reduce((sum, value) => sum + value, 0) / bits.length,
  };
}
