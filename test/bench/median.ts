import { seededRandom } from '../../src/prompts/random';

/** Middle of the sorted values; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * Milliseconds to wait before each job: the threads of another session go on looking for work for some 40 ms after
 * its run, and would take a core from the next one.
 */
const pause = 80;

/**
 * Medians, in milliseconds, of jobs that take turns: what the machine does meanwhile falls on all of
 * them alike. Each round has another order, always the same ones, and the first round is thrown away.
 */
export async function alternate(
  jobs: ReadonlyMap<string, () => Promise<unknown>>,
  rounds: number,
): Promise<Record<string, number>> {
  const times = new Map([...jobs.keys()].map((name) => [name, [] as number[]]));
  const random = seededRandom(1);
  for (let round = 0; round <= rounds; round++) {
    for (const [name, job] of shuffled([...jobs], random)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const begin = performance.now();
      await job();
      if (round > 0) {
        times.get(name)?.push(performance.now() - begin);
      }
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
}

function shuffled<Item>(items: Item[], random: () => number): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] as Item, items[last] as Item];
  }
  return items;
}
