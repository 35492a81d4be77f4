import type { CellResult } from '../protocol/prompts';
import { normalised } from './textScores';
import type { Trials } from './trials';

/** The answers that one way gave to one item, one per repeat. */
export interface ItemAnswers {
  readonly results: readonly CellResult[];
  /** Null while no answer was judged. */
  readonly trials: Trials | null;
  /** The trials with whether the commonest answer is right, if every one of so many repeats was judged. */
  complete(repeats: number): (Trials & { readonly majority: boolean })[];
}

/** @param vote whether the commonest answer alone decides (self-consistency, Wang et al. 2023) */
export function itemAnswers(results: readonly CellResult[], vote: boolean): ItemAnswers {
  const judged = results.filter(({ pass }) => pass !== null);
  const passed = judged.filter(({ pass }) => pass).length;
  const all = { passed, count: judged.length };
  const commonest = majority(judged);
  return {
    results,
    trials:
      commonest === undefined ? null : vote ? { passed: Number(commonest.pass === true), count: 1 } : all,
    complete: (repeats) =>
      commonest !== undefined && judged.length === repeats
        ? [{ ...all, majority: commonest.pass === true }]
        : [],
  };
}

/** One of the commonest answers; of equally common ones the one that came first. What could not be read has no vote. */
export function majority(results: readonly CellResult[]): CellResult | undefined {
  const votes = new Map<string, CellResult[]>();
  for (const result of results) {
    if (result.answer !== null) {
      const key = normalised(result.answer);
      votes.set(key, [...(votes.get(key) ?? []), result]);
    }
  }
  const most = Math.max(0, ...[...votes.values()].map((group) => group.length));
  return [...votes.values()].find((group) => group.length === most)?.[0] ?? results[0];
}
