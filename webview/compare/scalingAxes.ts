/** Logarithmic axes: where a value lies between two, and which values get a mark. */
export interface LogAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** From 0 at `low` to 1 at `high`. */
  readonly at: (value: number) => number;
}

/** An axis that holds all values with some room at both ends. */
export function logAxis(values: readonly number[], room: number): LogAxis {
  const low = Math.min(...values) / room;
  const high = Math.max(...values) * room;
  const span = Math.log(high / low);
  return {
    ...{ low, high, ticks: ticksBetween(low, high) },
    at: (value) => Math.log(value / low) / span,
  };
}

/** Round numbers: of each decade 1, 2 and 5 where there are few decades; between neighbours of these, tenths. */
function ticksBetween(low: number, high: number): number[] {
  for (const steps of [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]]) {
    const found = inside(steps, low, high);
    if (found.length >= 3) {
      return found;
    }
  }
  const size = 10 ** Math.floor(Math.log10(high - low));
  const step = high - low < 3 * size ? size / 5 : size;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
}

function inside(steps: readonly number[], low: number, high: number): number[] {
  const decades = Math.ceil(Math.log10(high / low)) + 1;
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: decades + 1 }, (_, index) => 10 ** (first + index))
    .flatMap((decade) => steps.map((step) => step * decade))
    .filter((value) => value >= low && value <= high);
}
