import type { Failure } from './prompts';

/** What a study's results come to; computed by `prompts/results.ts`. Shares from 0 to 1. */

export interface StrategyRow {
  readonly strategy: string;
  readonly model: string;
  readonly numDone: number;
  /** Items that were right or wrong; the rest waits for a person. */
  readonly numJudged: number;
  readonly numPassed: number;
  readonly accuracy: number | null;
  /** Wilson, 95 %. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly formatKept: number | null;
  /** Means per item. */
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Median per item. */
  readonly milliseconds: number;
  readonly failures: Readonly<Record<Failure, number>>;
  /** Against the plainest way on the same items; `p` is corrected for the number of ways (Holm). */
  readonly versusZeroShot: {
    readonly difference: number;
    readonly interval: { readonly low: number; readonly high: number };
    readonly p: number;
    readonly numItems: number;
    readonly itemsNeeded: number | null;
  } | null;
}

export interface StudySummary {
  readonly numItems: number;
  /** Fewer items than this decide nothing. */
  readonly fewestItems: number;
  readonly rows: readonly StrategyRow[];
  readonly findings: readonly {
    readonly model: string;
    readonly best: string;
    readonly tied: readonly string[];
    /** `clear`: the interval of the difference leaves zero out, and so does the corrected test. */
    readonly evidence: 'fewItems' | 'baselineBest' | 'clear' | 'unclear';
  }[];
}
