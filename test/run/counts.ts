import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What a test run came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A part of `npm test`: what its tests came to, and what went wrong beside them, each counting as a failure. */
export interface StageResult {
  readonly name: string;
  readonly counts: Counts;
  readonly problems: readonly string[];
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The result of a run whose process may have died before it wrote what it counted. */
export function stageResult(name: string, countsFile: string, problems: readonly string[]): StageResult {
  const counts = readCounts(countsFile);
  const unfinished = counts === undefined && problems.length === 0;
  return {
    name,
    counts: counts ?? noCounts,
    problems: unfinished ? ['It ended before its tests did.'] : problems,
  };
}

export function writeCounts(file: string, counts: Counts): void {
  // In one step: another process waits for the file.
  writeFileSync(`${file}.new`, JSON.stringify(counts));
  renameSync(`${file}.new`, file);
}

export function readCounts(file: string): Counts | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Counts) : undefined;
}

export function addResults(results: readonly StageResult[]): Counts {
  const sum = (pick: (result: StageResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    passed: sum((result) => result.counts.passed),
    failed: sum((result) => result.counts.failed + result.problems.length),
    skipped: sum((result) => result.counts.skipped),
  };
}
