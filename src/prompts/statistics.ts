import { seededRandom } from './random';

/** What can be said of shares and of their differences from a few dozen items. Probabilities, not percent. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959963984540054;

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
  /** 95 %, bootstrap over items. */
  readonly interval: Interval;
  /** Two-sided, exact (McNemar 1947): how surprising the disagreements are if both were equally good. */
  readonly p: number;
  readonly numItems: number;
  /** Items that would be needed before a difference of this size shows; null when it shows already. */
  readonly itemsNeeded: number | null;
}

/**
 * Compares `a` with `b` item by item (both in the same order). The bootstrap is of the paired differences,
 * percentile method (Efron & Tibshirani 1993), 4,000 resamples from a seed.
 */
export function comparePaired(a: readonly boolean[], b: readonly boolean[], seed = 1): Paired {
  if (a.length !== b.length) {
    throw new RangeError(`${a.length} and ${b.length} items`);
  }
  const differences = a.map((pass, index) => Number(pass) - Number(b[index]));
  const count = differences.length;
  const difference = mean(differences);
  const interval = bootstrap(differences, seed);
  const better = differences.filter((each) => each > 0).length;
  const worse = differences.filter((each) => each < 0).length;
  return {
    difference,
    interval,
    p: exactMcNemar(better, worse),
    numItems: count,
    itemsNeeded: interval.low > 0 || interval.high < 0 ? null : itemsNeeded(differences),
  };
}

/** 95 % interval of the mean of some values, as {@link comparePaired} has it; nothing is known of the mean of none. */
export function meanInterval(values: readonly number[], seed = 1): Interval {
  return values.length === 0 ? { low: -Infinity, high: Infinity } : bootstrap(values, seed);
}

function bootstrap(differences: readonly number[], seed: number): Interval {
  const count = differences.length;
  if (count === 0) {
    return { low: -1, high: 1 };
  }
  const random = seededRandom(seed);
  const means = Float64Array.from({ length: 4000 }, () => {
    let sum = 0;
    for (let draw = 0; draw < count; draw++) {
      sum += differences[Math.floor(random() * count)] as number;
    }
    return sum / count;
  }).sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** Linear interpolation between order statistics, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
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

/** Where a normal 95 % interval around the present difference would leave zero out; null when there is none. */
function itemsNeeded(differences: readonly number[]): number | null {
  const difference = mean(differences);
  if (differences.length < 2 || difference === 0) {
    return null;
  }
  const variance = mean(differences.map((each) => (each - difference) ** 2));
  return Math.max(differences.length + 1, Math.ceil((z95 * z95 * variance) / (difference * difference)));
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
