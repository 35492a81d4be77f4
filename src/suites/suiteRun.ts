import { plainAnswer } from '../prompts/answers';
import type { CellResult, Study } from '../protocol/prompts';
import type { SuiteVerdict } from './verdict';

/** A run of a suite, as every reporter is given it. */
export interface SuiteRun {
  /** Of the file, without its folder. */
  readonly name: string;
  /** What was asked: the part of the suite that was chosen. */
  readonly study: Study;
  /** Answers to its items, in their order. */
  readonly results: readonly CellResult[];
  readonly verdict: SuiteVerdict;
  /** Stopped before its end. */
  readonly isStopped: boolean;
  /** ISO date of its beginning. */
  readonly date: string;
  readonly milliseconds: number;
  /** What identifies each model's files, by id. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** What an item expects, as text; undefined where only a person can judge. */
export function expectedOf(study: Study, item: number): string | undefined {
  const expected = study.task.items[item]?.expected;
  return expected === undefined ? undefined : plainAnswer(expected);
}

/** An item in one line, counted from 1 as people do. */
export function itemTitle(study: Study, item: number, most = 80): string {
  const line = (study.task.items[item]?.input ?? '').replace(/\s+/g, ' ').trim();
  const shown = [...line].length > most ? `${[...line].slice(0, most - 1).join('')}…` : line;
  return `#${item + 1} ${shown}`;
}
