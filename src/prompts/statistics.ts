import { bootstrap, bootstrapDifference } from './bootstrap';
import { seededRandom } from './random';
import { type Interval, type Trials, shareOf } from './trials';

/** What can be said of shares and of their differences from a few dozen items. Probabilities, not percent. */

const z95 = 1.959963984540054;
/** The quantile of the normal distribution below which 80 % lie. */
const z80 = 0.8416212335729143;

/** Wilson's 95 % score interval of a share (Wilson 1927; Brown, Cai & DasGupta 2001 recommend it for small n). */
export function wilson(passed: number, total: number): Interval {
  if (total === 0) {
    return { low: 0, high: 1 };
  }
  const share = passed / total;
  const square = z95 * z95;
  const centre = (share + square / (2 * total)) / (1 + square / total);
  const half =
    (z95 / (1 + square / total)) * Math.sqrt((share * (1 - share)) / total + square / (4 * total * total));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Two ways on the same items. */
export interface Paired {
  readonly difference: number;
  /** 95 %, bootstrap over items, and over repeats where there are three or more. */
  readonly interval: Interval;
  /**
   * Two-sided: how surprising the differences are if both were equally good. Exact McNemar (1947); with repeats
   * the sign-flip test on each item's difference, of which McNemar's is the case of one answer per item.
   */
  readonly p: number;
  readonly numItems: number;
  /** Items in all that would show such a difference with a power of 80 %; null when it shows already. */
  readonly itemsNeeded: number | null;
}

/** Compares `a` with `b` item by item (both in the same order). */
export function comparePaired(a: readonly boolean[], b: readonly boolean[], seed = 1): Paired {
  const once = (pass: boolean): Trials => ({ passed: Number(pass), count: 1 });
  return compareTrials(a.map(once), b.map(once), 1, seed);
}

/** The same where items were asked several times. @param numComparisons that the p-value is later corrected for */
export function compareTrials(
  a: readonly Trials[],
  b: readonly Trials[],
  numComparisons = 1,
  seed = 1,
): Paired {
  if (a.length !== b.length) {
    throw new RangeError(`${a.length} and ${b.length} items`);
  }
  const differences = a.map((trials, index) => shareOf(trials) - shareOf(b[index]!));
  const interval = bootstrapDifference(a, b, seed);
  const once = [...a, ...b].every(({ count }) => count === 1);
  const better = differences.filter((each) => each > 0).length;
  const worse = differences.filter((each) => each < 0).length;
  return {
    difference: mean(differences),
    interval,
    p: once ? exactMcNemar(better, worse) : signFlip(differences, seed),
    numItems: differences.length,
    itemsNeeded: interval.low > 0 || interval.high < 0 ? null : itemsNeeded(differences, numComparisons),
  };
}

/** 95 % interval of the mean of some values, as {@link comparePaired} has it; nothing is known of the mean of none. */
export function meanInterval(values: readonly number[], seed = 1): Interval {
  return values.length === 0 ? { low: -Infinity, high: Infinity } : bootstrap(values, seed);
}

/** Two-sided exact McNemar test on the numbers of items that only one of two ways got right. */
export function exactMcNemar(better: number, worse: number): number {
  const total = better + worse;
  if (total === 0) {
    return 1;
  }
  let tail = 0;
  for (let k = 0; k <= Math.min(better, worse); k++) {
    tail += Math.exp(logChoose(total, k) - total * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}

/**
 * Two-sided sign-flip test (Fisher 1935) of whether the mean of paired differences is zero, from 10,000 random
 * flips (fewer of more than 100 items); the observed signs count as one of them, so it is never 0.
 */
function signFlip(differences: readonly number[], seed = 1): number {
  const moving = differences.filter((each) => each !== 0);
  const observed = Math.abs(moving.reduce((sum, each) => sum + each, 0));
  const random = seededRandom(seed);
  const numFlips = Math.round(Math.max(2000, Math.min(10_000, 1_000_000 / Math.max(1, moving.length))));
  let asLarge = 0;
  for (let flip = 0; flip < numFlips; flip++) {
    let sum = 0;
    for (const each of moving) {
      sum += random() < 0.5 ? each : -each;
    }
    asLarge += Number(Math.abs(sum) >= observed - 1e-9);
  }
  return (asLarge + 1) / (numFlips + 1);
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) {
    sum += Math.log((n - k + i) / i);
  }
  return sum;
}

/** Holm's step-down correction of several p-values (Holm 1979), in the order given. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number));
  const corrected = new Array<number>(values.length);
  let floor = 0;
  order.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, (values[index] as number) * (values.length - rank)));
    corrected[index] = floor;
  });
  return corrected;
}

/**
 * Items in all with which a two-sided z-test of the present difference would have a power of 80 %, at 5 % shared
 * among the comparisons (Bonferroni: Holm's first and strictest step). Null when there is no difference.
 */
export function itemsNeeded(differences: readonly number[], numComparisons = 1): number | null {
  const difference = mean(differences);
  if (differences.length < 2 || Math.abs(difference) < 1e-12) {
    return null;
  }
  const variance = mean(differences.map((each) => (each - difference) ** 2));
  const z = normalQuantile(1 - 0.025 / Math.max(1, numComparisons)) + z80;
  return Math.max(differences.length + 1, Math.ceil((z * z * variance) / (difference * difference)));
}

/** Quantile of the standard normal distribution, of a share above a half: bisection on Abramowitz & Stegun 26.2.17. */
function normalQuantile(share: number): number {
  let [low, high] = [0, 9];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Share of the normal distribution below `z` ≥ 0; the error is below 7.5e-8. */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - density * series;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
