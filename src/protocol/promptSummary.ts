import type { Failure } from './prompts';

/** What a study's results come to; computed by `prompts/results.ts`. Shares from 0 to 1. */

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface StrategyRow {
  readonly strategy: string;
  readonly model: string;
  /** Answers that the test asks for, repeats included. */
  readonly numAsked: number;
  /** Answers that are there. */
  readonly numDone: number;
  /** Items that were right or wrong; the rest waits for a person. */
  readonly numJudged: number;
  /** Answers that wait for a person's judgement. */
  readonly numOpen: number;
  /** Of items asked several times the sum of their shares of right answers, else a count. */
  readonly numPassed: number;
  readonly accuracy: number | null;
  /** 95 %: Wilson, or with repeats a bootstrap over items and, from three repeats on, over repeats. */
  readonly interval: Bounds;
  readonly intervalBy: 'wilson' | 'bootstrap';
  /** 1 is best; equally accurate ways share a rank. Null while nothing was judged, and for a way of its own. */
  readonly rank: number | null;
  /** Where 95 % of resamples rank it. */
  readonly rankBand: Bounds | null;
  /** Share of resamples in which this way is the most accurate; ties are shared out. */
  readonly bestProbability: number | null;
  readonly formatKept: number | null;
  /** Mean of what the scorer gave beside right or wrong, and what unrelated answers get from it. */
  readonly meanScore: number | null;
  readonly scoreBaseline: number | null;
  /** Means per answer. */
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Median per answer. */
  readonly milliseconds: number;
  /** Of all answers together, in the server's currency; null where none has a price. */
  readonly price: number | null;
  readonly failures: Readonly<Record<Failure, number>>;
  /** Null where no item was asked more than once. */
  readonly stability: Stability | null;
  /** Against the plainest way on the same items; `p` is corrected for the number of ways (Holm). */
  readonly versusZeroShot: {
    readonly difference: number;
    readonly interval: Bounds;
    readonly p: number;
    readonly numItems: number;
    /** Items in all that would show such a difference with a power of 80 %. */
    readonly itemsNeeded: number | null;
  } | null;
}

/** How much answers to the same prompt differ. */
export interface Stability {
  /** Items whose repeats were all judged. */
  readonly numItems: number;
  /** Of those, the items that are right at one time and wrong at another. */
  readonly numFlickering: number;
  /** Entry `k - 1`: pass@k, at least one of k answers is right (Chen et al. 2021, unbiased). */
  readonly passAt: readonly number[];
  /** Entry `k - 1`: pass^k, all of k answers are right (Yao et al. 2024, unbiased). */
  readonly passAll: readonly number[];
  /** Share of items whose commonest answer is right. */
  readonly majority: number;
}

/** How far the scorer agrees with a person, on the answers that both have judged. */
export interface Agreement {
  readonly numAnswers: number;
  /** Share of answers on which they agree. */
  readonly observed: number;
  /** Cohen's kappa with its 95 % interval; null where one of them knows only one verdict. */
  readonly kappa: { readonly value: number; readonly interval: Bounds } | null;
}

export interface StudySummary {
  readonly numItems: number;
  /** How often each item is asked. */
  readonly numRepeats: number;
  /** Fewer items than this decide nothing. */
  readonly fewestItems: number;
  readonly rows: readonly StrategyRow[];
  readonly agreement: Agreement | null;
  /** Whether a model has judged, not a rule. */
  readonly isJudged: boolean;
  readonly findings: readonly {
    readonly model: string;
    readonly best: string;
    readonly tied: readonly string[];
    /** `clear`: the interval of the difference leaves zero out, and so does the corrected test. */
    readonly evidence: 'fewItems' | 'baselineBest' | 'clear' | 'unclear';
  }[];
}
