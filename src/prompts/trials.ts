/** How often an item's answers were right, of the times that they were judged. */
export interface Trials {
  readonly passed: number;
  readonly count: number;
}

/** A stretch of values, both ends in it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Share of right answers; 0 where none was judged. */
export function shareOf({ passed, count }: Trials): number {
  return count === 0 ? 0 : passed / count;
}
