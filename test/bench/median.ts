/** Middle of the sorted values; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * Medians, in milliseconds, of jobs that take turns: what the machine does meanwhile falls on all of
 * them alike. Each round begins with another job, and the first round is thrown away.
 */
export async function alternate(
  jobs: ReadonlyMap<string, () => Promise<unknown>>,
  rounds: number,
): Promise<Record<string, number>> {
  const times = new Map([...jobs.keys()].map((name) => [name, [] as number[]]));
  const order = [...jobs];
  for (let round = 0; round <= rounds; round++) {
    for (const [name, job] of order) {
      const begin = performance.now();
      await job();
      if (round > 0) {
        times.get(name)?.push(performance.now() - begin);
      }
    }
    order.push(...order.splice(0, 1));
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
}
