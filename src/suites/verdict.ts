import { wilson } from '../prompts/statistics';
import { strategyId } from '../prompts/strategy';
import type { Threshold } from '../prompts/studyFile';
import type { CellResult, Study } from '../protocol/prompts';

/** How one way of asking one model did, and whether that is enough. */
export interface WayVerdict {
  readonly strategy: string;
  readonly model: string;
  readonly passed: number;
  readonly failed: number;
  /** Cells that got no answer. */
  readonly errors: number;
  /** Answers that only a person can judge. */
  readonly open: number;
  /** Share of right answers among those that should have been judged; null where there are none. */
  readonly rate: number | null;
  /** 95 % interval of the share (Wilson). */
  readonly interval: { readonly low: number; readonly high: number };
  /** The share that is needed; null where the way is held to none. */
  readonly needed: number | null;
  readonly isEnough: boolean;
}

export interface SuiteVerdict {
  readonly ways: readonly WayVerdict[];
  readonly passed: boolean;
}

/** @param results answers to the suite's items; those to its own input do not count */
export function judgeSuite(
  study: Study,
  results: readonly CellResult[],
  threshold: Threshold | undefined,
): SuiteVerdict {
  const ways = study.models.flatMap(({ id: model }) =>
    study.strategies.map((each): WayVerdict => {
      const strategy = strategyId(each);
      const own = results.filter(
        (result) => result.strategy === strategy && result.model === model && result.item >= 0,
      );
      const errors = own.filter(({ failure }) => failure === 'error').length;
      const passed = own.filter(({ pass }) => pass === true).length;
      const failed = own.filter(({ pass, failure }) => pass === false && failure !== 'error').length;
      const counted = passed + failed + errors;
      const rate = counted === 0 ? null : passed / counted;
      const needed = neededBy(strategy, threshold);
      return {
        strategy,
        model,
        passed,
        failed,
        errors,
        open: own.length - counted,
        rate,
        interval: wilson(passed, counted),
        needed,
        // 0.7 · 10 is not 7 in binary.
        isEnough: needed === null || rate === null || rate >= needed - 1e-9,
      };
    }),
  );
  return { ways, passed: ways.every(({ isEnough }) => isEnough) };
}

function neededBy(strategy: string, threshold: Threshold | undefined): number | null {
  if (threshold === undefined) {
    return 1;
  }
  return typeof threshold === 'number' ? threshold : (threshold[strategy] ?? null);
}
