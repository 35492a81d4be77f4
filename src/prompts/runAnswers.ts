import type { AnswerRow, RunFigures, RunWay } from '../protocol/promptRuns';
import type { CellResult, Study } from '../protocol/prompts';
import { plainAnswer } from './answers';
import { mean, meanInterval, wilson } from './statistics';
import { StudyState } from './studyState';

/** A study as a run left it: what it asked, and every answer there was by then, the later ones last. */
export interface RunState {
  readonly study: Study;
  readonly results: readonly CellResult[];
  /** What told each model's files, by model id. */
  readonly identities?: ReadonlyMap<string, string>;
}

/** A run as it is kept: what it asked, of which files, and its own answers. */
export interface AnsweredRun extends Required<RunState> {
  /** Its answers came with a file: only their fingerprints tell what they answer. */
  readonly isBrought: boolean;
}

/**
 * The last of several runs, with the answers of earlier ones. Whether an earlier answer still counts is told from what
 * was asked then and now, not from the fingerprint that it was kept under: a later version of this program may compute
 * that in another way.
 */
export function stateAfter(runs: readonly AnsweredRun[]): RunState {
  const last = runs.at(-1);
  if (!last) {
    throw new RangeError('no run');
  }
  const results = runs.flatMap(({ study, identities, isBrought, results: own }) => {
    const asked = new StudyState(study, [], identities);
    return isBrought
      ? own
      : own.map((result) => ({ ...result, fingerprint: asked.fingerprint(result) ?? result.fingerprint }));
  });
  return { study: last.study, identities: last.identities, results };
}

/** The answers that counted when the run ended, in the order of the study. */
export function answersOf({ study, results, identities }: RunState): AnswerRow[] {
  return new StudyState(study, results, identities).results().map((result): AnswerRow => {
    const item = result.item < 0 ? { input: study.input } : study.task.items[result.item];
    const { strategy, model, repeat } = result;
    return {
      cell: { strategy, item: result.item, model, ...(repeat === undefined ? {} : { repeat }) },
      input: item?.input ?? '',
      expected: item && 'expected' in item && item.expected !== undefined ? plainAnswer(item.expected) : null,
      result,
    };
  });
}

/** How each way did on the test items. */
export function figuresOf(state: RunState): RunFigures {
  const ways = new Map<string, AnswerRow[]>();
  for (const row of answersOf(state)) {
    if (row.cell.item >= 0) {
      const key = `${row.cell.model}|${row.cell.strategy}`;
      const own = ways.get(key) ?? [];
      own.push(row);
      ways.set(key, own);
    }
  }
  return {
    ways: [...ways.values()].flatMap((own) => wayOf(own) ?? []),
    numItems: state.study.task.items.length,
  };
}

function wayOf(rows: readonly AnswerRow[]): RunWay | undefined {
  const items = new Map<number, boolean[]>();
  for (const { cell, result } of rows) {
    if (result.pass !== null) {
      items.set(cell.item, [...(items.get(cell.item) ?? []), result.pass]);
    }
  }
  const [first] = rows;
  if (!first || items.size === 0) {
    return undefined;
  }
  const shares = [...items.values()].map((passes) => mean(passes.map(Number)));
  const numPassed = shares.reduce((sum, share) => sum + share, 0);
  const once = [...items.values()].every((passes) => passes.length === 1);
  return {
    strategy: first.cell.strategy,
    model: first.cell.model,
    numJudged: shares.length,
    numPassed,
    accuracy: numPassed / shares.length,
    interval: once ? wilson(numPassed, shares.length) : meanInterval(shares),
  };
}

/** What differs between two definitions, as paths. The title is not asked, and is left out. */
export function changedPaths(before: Study, after: Study): string[] {
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  const keysOf = <T extends object>(a: T, b: T): (keyof T & string)[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof T & string)[];
  const inside = <T extends object>(name: string, a: T, b: T): string[] =>
    keysOf(a, b).flatMap((key) => (differs(a[key], b[key]) ? [`${name}.${key}`] : []));
  const whole = (['input', 'strategies', 'models', 'edited', 'repeats'] as const).filter((key) =>
    differs(before[key], after[key]),
  );
  return [
    ...whole,
    ...inside('task', before.task, after.task),
    ...inside('sampling', before.sampling, after.sampling),
  ];
}
