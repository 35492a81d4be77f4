import { seededRandom } from './random';
import { type Interval, type Trials, shareOf } from './trials';

/**
 * Resampling (Efron & Tibshirani 1993), percentile method, from a seed. Items are drawn; where they were asked
 * three times or more, each drawn item's answers are drawn anew too (two levels), because the answers that were
 * seen are themselves a sample. Two answers tell too little of their spread for that.
 */

/** From so many answers to the same prompt on they are resampled as well. */
const fewestRepeats = 3;

/** 95 % interval of the mean of some values. */
export function bootstrap(values: readonly number[], seed: number): Interval {
  const count = values.length;
  if (count === 0) {
    return { low: -1, high: 1 };
  }
  const random = seededRandom(seed);
  return middle95(numResamples(count), () => {
    let sum = 0;
    for (let draw = 0; draw < count; draw++) {
      sum += values[Math.floor(random() * count)] as number;
    }
    return sum / count;
  });
}

/** 95 % interval of the mean over items of the difference between two ways' shares of right answers. */
export function bootstrapDifference(a: readonly Trials[], b: readonly Trials[], seed: number): Interval {
  if (!hasLevels([a, b])) {
    return bootstrap(
      a.map((trials, item) => shareOf(trials) - shareOf(b[item]!)),
      seed,
    );
  }
  const random = seededRandom(seed);
  const drawn = new Answers(random);
  return middle95(numResamples(2 * a.length), () => {
    let sum = 0;
    for (let draw = 0; draw < a.length; draw++) {
      const item = Math.floor(random() * a.length);
      sum += drawn.share(a[item]!) - drawn.share(b[item]!);
    }
    return sum / a.length;
  });
}

/** 95 % interval of the mean over items of one way's share of right answers. */
export function bootstrapShare(trials: readonly Trials[], seed = 1): Interval {
  const none = trials.map(({ count }) => ({ passed: 0, count }));
  return bootstrapDifference(trials, none, seed);
}

/** Where a way stands among others that were asked about the same items. */
export interface Standing {
  /** 1 is best; equals share the better rank. */
  readonly rank: number;
  /** Where 95 % of resamples rank it; of equals in a resample each counts for all the ranks that they share. */
  readonly band: Interval;
  /** Share of resamples in which it is best; ties are shared out evenly. */
  readonly bestProbability: number;
}

/** Ranks ways by their accuracy. @param ways one list of items per way, all in the same order */
export function standings(ways: readonly (readonly Trials[])[], seed = 1): Standing[] {
  const numItems = ways[0]?.length ?? 0;
  if (numItems === 0) {
    return [];
  }
  const random = seededRandom(seed);
  const answers = new Answers(random);
  const levels = hasLevels(ways);
  const shares = ways.map((way) => way.map(shareOf));
  const count = numResamples(ways.length * numItems);
  const lows = ways.map(() => new Float64Array(count));
  const highs = ways.map(() => new Float64Array(count));
  const best = ways.map(() => 0);
  for (let resample = 0; resample < count; resample++) {
    const sums = ways.map(() => 0);
    for (let draw = 0; draw < numItems; draw++) {
      const item = Math.floor(random() * numItems);
      ways.forEach((way, index) => {
        sums[index]! += levels ? answers.share(way[item]!) : shares[index]![item]!;
      });
    }
    const ranks = ranksOf(sums);
    const winners = ranks.filter((rank) => rank === 1).length;
    ranks.forEach((rank, index) => {
      lows[index]![resample] = rank;
      highs[index]![resample] = rank + ranks.filter((other) => other === rank).length - 1;
      best[index]! += rank === 1 ? 1 / winners : 0;
    });
  }
  const ranks = ranksOf(shares.map((way) => way.reduce((sum, each) => sum + each, 0)));
  return ranks.map((rank, index) => ({
    rank,
    band: {
      low: Math.floor(quantile(lows[index]!.sort(), 0.025)),
      high: Math.ceil(quantile(highs[index]!.sort(), 0.975)),
    },
    bestProbability: best[index]! / count,
  }));
}

/** Ranks from the largest value down; equals share the better rank (1, 2, 2, 4). */
export function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => 1 + values.filter((other) => other > value + 1e-9).length);
}

/** Draws an item's answers anew: the number of right ones is binomial. */
class Answers {
  private readonly tables = new Map<number, Float64Array>();

  constructor(private readonly random: () => number) {}

  share(trials: Trials): number {
    const { passed, count } = trials;
    if (passed === 0 || passed === count) {
      return shareOf(trials);
    }
    const table = this.table(passed, count);
    const drawn = this.random();
    let right = 0;
    while (right < count && drawn >= table[right]!) {
      right++;
    }
    return right / count;
  }

  /** Cumulated probabilities of 0 to `count` right answers. */
  private table(passed: number, count: number): Float64Array {
    const key = passed * 4096 + count;
    let table = this.tables.get(key);
    if (!table) {
      const chance = passed / count;
      table = new Float64Array(count + 1);
      let mass = (1 - chance) ** count;
      let sum = 0;
      for (let right = 0; right <= count; right++) {
        sum += mass;
        table[right] = sum;
        mass *= ((count - right) / (right + 1)) * (chance / (1 - chance));
      }
      this.tables.set(key, table);
    }
    return table;
  }
}

function hasLevels(ways: readonly (readonly Trials[])[]): boolean {
  return ways.some((way) => way.some(({ count }) => count >= fewestRepeats));
}

/** 4,000 resamples, fewer of very many items: while answers come in, this is drawn anew several times a second. */
function numResamples(draws: number): number {
  return Math.round(Math.max(1000, Math.min(4000, 600_000 / draws)));
}

function middle95(count: number, draw: () => number): Interval {
  const drawn = Float64Array.from({ length: count }, draw).sort();
  return { low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

/** Linear interpolation between order statistics, as NumPy's default. */
function quantile(sorted: Float64Array, at: number): number {
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}
