import { type QueryError, parseQuery } from '../../src/prompts/answerQuery';
import { compareRuns } from '../../src/prompts/compareRuns';
import { groupFailures } from '../../src/prompts/failureGroups';
import { fingerprintOf } from '../../src/prompts/fingerprint';
import { type RunState, answersOf, changedPaths, figuresOf } from '../../src/prompts/runAnswers';
import type { StudyState } from '../../src/prompts/studyState';
import { ScopeError } from '../../src/protocol/errors';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import {
  type CellChange,
  CompareRuns,
  ExportAnswers,
  ListRuns,
  LookAtRun,
  type QueryProblem,
  type RunListing,
  cellChanges,
} from '../../src/protocol/promptRuns';
import { answerPage } from '../../src/panels/pageAnswers';

/** The history of the study on show: where it has answers, they are the second of two runs. */
export function answerRuns(
  connection: MessageConnection,
  calls: string[],
  current: () => StudyState | undefined,
): void {
  /** What the study had been before its instruction was changed: the same model, answering by another rule. */
  const earlier = (now: StudyState): RunState => {
    const study = { ...now.study, task: { ...now.study.task, instruction: 'Which?' } };
    const results = now.results().map((result) => {
      const cell = { strategy: result.strategy, item: result.item, model: result.model };
      const pass = result.item % 3 === 0;
      const output = pass ? result.output : `${result.output}, I am not quite sure`;
      const failure = pass ? null : result.item % 3 === 1 ? ('format' as const) : ('wrong' as const);
      const read = failure === 'format' ? null : pass ? result.answer : 'neutral';
      return {
        ...result,
        fingerprint: fingerprintOf(study, cell) ?? '',
        output,
        pass,
        failure,
        answer: read,
      };
    });
    return { study, results };
  };
  const state = (run: number): RunState => {
    const now = current();
    if (!now) {
      throw new ScopeError('badRequest');
    }
    return run === 1 ? earlier(now) : { study: now.study, results: now.results() };
  };
  const listing = (id: number): RunListing => {
    const { study, results } = state(id);
    const began = Date.UTC(2026, 4, 6, 7, id, 9);
    return {
      id,
      definition: id,
      began,
      ended: began + 41_000,
      origin: 'asked',
      numAnswers: results.length,
      numTested: results.length,
      figures: figuresOf({ study, results }),
      changes: id === 1 ? [] : changedPaths(state(1).study, study),
      circumstances: {
        models: [
          {
            id: 'scope-gpt',
            provider: 'local',
            precision: 'int8',
            hash: `${'ab12'.repeat(16)} (model.onnx)`,
          },
        ],
        versions: { 'VS Code': '1.139.0' },
      },
    };
  };
  answerPage(connection, ListRuns, () => {
    const ids = (current()?.results().length ?? 0) > 0 ? [2, 1] : [];
    return { runs: ids.map(listing), numRuns: ids.length };
  });
  answerPage(connection, LookAtRun, ({ run, query, most }) => {
    calls.push(`look ${run} ${query}`);
    const rows = answersOf(state(run));
    let problem: QueryProblem | null = null;
    let found: typeof rows = [];
    try {
      const parsed = parseQuery(query);
      found = rows.filter((row) => parsed.matches(row));
    } catch (error) {
      problem = (error as QueryError).problem;
    }
    const numFailures = rows.filter(({ result }) => result.failure !== null).length;
    const shown = { rows: found.slice(0, most), numFound: found.length, problem };
    return { run, numAnswers: rows.length, numFailures, groups: groupFailures(rows), ...shown };
  });
  answerPage(connection, CompareRuns, ({ before, after, change, most }) => {
    calls.push(`compare ${before} ${after} ${change}`);
    const { cells, ways } = compareRuns(state(before), state(after));
    const counts = Object.fromEntries(
      cellChanges.map((each) => [each, cells.filter((cell) => cell.change === each).length]),
    ) as Record<CellChange, number>;
    const shown = cells.filter((cell) => (change === null ? cell.change !== 'same' : cell.change === change));
    const changes = changedPaths(state(before).study, state(after).study);
    return { before, after, ways, changes, counts, cells: shown.slice(0, most) };
  });
  answerPage(connection, ExportAnswers, ({ format, shown }) => {
    calls.push(`export ${format} ${'run' in shown ? `run ${shown.run}` : `${shown.before} ${shown.after}`}`);
    return { saved: true };
  });
}
