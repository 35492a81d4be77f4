import type { Agreement, Stability } from '../protocol/promptSummary';
import { mean } from './statistics';
import type { Trials } from './trials';

/** What several answers to the same prompt tell, and how far two judges of the same answers agree. */

/** Probability that at least one of `k` answers is right, from `passed` of `count` (Chen et al. 2021, unbiased). */
export function passAt({ passed, count }: Trials, k: number): number {
  // 1 − C(count − passed, k) / C(count, k), as a product, which does not overflow.
  let allWrong = 1;
  for (let drawn = 0; drawn < k; drawn++) {
    allWrong *= Math.max(0, count - passed - drawn) / (count - drawn);
  }
  return 1 - allWrong;
}

/** Probability that all of `k` answers are right: C(passed, k) / C(count, k) (Yao et al. 2024, τ-bench). */
export function passAll({ passed, count }: Trials, k: number): number {
  let allRight = 1;
  for (let drawn = 0; drawn < k; drawn++) {
    allRight *= Math.max(0, passed - drawn) / (count - drawn);
  }
  return allRight;
}

/** @param items those whose every repeat was judged, and whether their commonest answer is right */
export function stabilityOf(
  items: readonly (Trials & { readonly majority: boolean })[],
  numRepeats: number,
): Stability {
  const ks = Array.from({ length: numRepeats }, (_, index) => index + 1);
  return {
    numItems: items.length,
    numFlickering: items.filter(({ passed, count }) => passed > 0 && passed < count).length,
    passAt: ks.map((k) => mean(items.map((item) => passAt(item, k)))),
    passAll: ks.map((k) => mean(items.map((item) => passAll(item, k)))),
    majority: mean(items.map(({ majority }) => Number(majority))),
  };
}

/**
 * Cohen's kappa (1960) of two judges' verdicts on the same answers, with the large-sample 95 % interval of
 * Fleiss, Cohen & Everitt (1969). Null of no answers.
 */
export function agreementOf(pairs: readonly (readonly [boolean, boolean])[]): Agreement | null {
  const total = pairs.length;
  if (total === 0) {
    return null;
  }
  const cell = (a: boolean, b: boolean): number =>
    pairs.filter(([one, other]) => one === a && other === b).length / total;
  const table = [
    [cell(false, false), cell(false, true)],
    [cell(true, false), cell(true, true)],
  ] as const;
  const rows = table.map(([left, right]) => left + right);
  const columns = [table[0][0] + table[1][0], table[0][1] + table[1][1]];
  const observed = table[0][0] + table[1][1];
  const chance = rows[0]! * columns[0]! + rows[1]! * columns[1]!;
  if (chance > 1 - 1e-12) {
    return { numAnswers: total, observed, kappa: null };
  }
  const value = (observed - chance) / (1 - chance);
  const agreed = [0, 1].reduce(
    (sum, at) => sum + table[at as 0 | 1][at as 0 | 1] * (1 - (rows[at]! + columns[at]!) * (1 - value)) ** 2,
    0,
  );
  const split =
    (1 - value) ** 2 *
    (table[0][1] * (columns[0]! + rows[1]!) ** 2 + table[1][0] * (columns[1]! + rows[0]!) ** 2);
  const rest = (value - chance * (1 - value)) ** 2;
  const spread = (1.959963984540054 * Math.sqrt(Math.max(0, agreed + split - rest) / total)) / (1 - chance);
  return {
    numAnswers: total,
    observed,
    kappa: { value, interval: { low: Math.max(-1, value - spread), high: Math.min(1, value + spread) } },
  };
}
