import { printTable } from './table';

/** A promise of the project and what came of it on this machine. */
export interface Target {
  readonly name: string;
  readonly limit: number;
  /** Whether the figure may not exceed the limit, or not fall below it. */
  readonly bound: 'most' | 'least';
  /** Undefined when it was not measured. */
  readonly figure: number | undefined;
}

/** A miss is shown and nothing more: another machine, or a busy one, is no error. */
export function printTargets(targets: readonly Target[]): void {
  printTable(
    'Targets',
    ['', 'limit', 'measured', ''],
    targets.map(({ name, limit, bound, figure }) => [
      name,
      `${bound === 'most' ? '≤' : '≥'} ${limit}`,
      figure === undefined ? '–' : figure.toFixed(limit >= 1000 ? 0 : 2),
      figure === undefined ? 'not measured' : isMet({ limit, bound, figure }) ? 'met' : 'MISSED',
    ]),
  );
}

function isMet({ limit, bound, figure }: { limit: number; bound: string; figure: number }): boolean {
  return bound === 'most' ? figure <= limit : figure >= limit;
}
