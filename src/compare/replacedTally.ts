import { wilson } from '../prompts/statistics';
import type { Interval } from '../prompts/trials';
import type { DetectedText, ReplacedExample } from '../protocol/compare';

/** What a replaced-token detector got right, counted in tokens: for the page and for the report. */
export interface ReplacedTally {
  /** Words that were drawn anew, and those of them that came out as another word. */
  readonly drawn: number;
  readonly replacedWords: number;
  /** Tokens of the changed text that were judged. */
  readonly judged: number;
  /** Of these, the ones that stand in a replaced word. */
  readonly replaced: number;
  readonly found: number;
  /** Tokens of the text's own that were taken for replaced. */
  readonly falseAlarms: number;
  readonly right: number;
  /** `right / judged`, with Wilson's 95 % interval. */
  readonly accuracy: number;
  readonly interval: Interval;
  /** Of the text as it is, where every alarm is a false one. */
  readonly originalJudged: number;
  readonly originalAlarms: number;
}

/** More likely replaced than not. */
export const isAlarm = (probability: number | null): boolean => probability !== null && probability > 0.5;

/** Per token of the changed text the drawn word that it stands in, where that is another than the text's. */
export function replacedAt({ changed, drawn }: ReplacedExample): (ReplacedExample['drawn'][number] | null)[] {
  const others = drawn.filter(({ was, now }) => was !== now);
  return changed.tokens.map(({ start, end, special }) =>
    special ? null : (others.find((word) => start < word.end && end > word.start) ?? null),
  );
}

export function replacedTally(example: ReplacedExample): ReplacedTally {
  const { original, changed, drawn } = example;
  const places = replacedAt(example);
  const judged = changed.probabilities.flatMap((probability, position) =>
    probability === null ? [] : [{ alarm: isAlarm(probability), replaced: places[position] !== null }],
  );
  const right = judged.filter(({ alarm, replaced }) => alarm === replaced).length;
  return {
    drawn: drawn.length,
    replacedWords: drawn.filter(({ was, now }) => was !== now).length,
    judged: judged.length,
    replaced: judged.filter(({ replaced }) => replaced).length,
    found: judged.filter(({ alarm, replaced }) => alarm && replaced).length,
    falseAlarms: judged.filter(({ alarm, replaced }) => alarm && !replaced).length,
    right,
    accuracy: judged.length === 0 ? 0 : right / judged.length,
    interval: wilson(right, judged.length),
    originalJudged: numJudged(original),
    originalAlarms: original.probabilities.filter(isAlarm).length,
  };
}

function numJudged({ probabilities }: DetectedText): number {
  return probabilities.filter((each) => each !== null).length;
}
