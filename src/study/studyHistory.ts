import { setImmediate as turn } from 'node:timers/promises';
import type { StudyArchive } from '../archive/studyArchive';
import { QueryError, parseQuery } from '../prompts/answerQuery';
import { compareRuns } from '../prompts/compareRuns';
import { type Exported, type ExportedRun, exportAnswers } from '../prompts/exportAnswers';
import { groupFailures } from '../prompts/failureGroups';
import { type RunState, answersOf, changedPaths, figuresOf, stateAfter } from '../prompts/runAnswers';
import { ScopeError } from '../protocol/errors';
import {
  type AnswerFormat,
  type AnswerRow,
  type CellChange,
  type QueryProblem,
  type RunComparison,
  type RunListing,
  type RunLook,
  cellChanges,
} from '../protocol/promptRuns';

/** What is on show of a study's history. */
export type ShownAnswers =
  | { readonly run: number; readonly query: string }
  | { readonly before: number; readonly after: number; readonly change: CellChange | null };

/** A run that was read is taken for the same for this long, unless this program has changed something. */
const freshMilliseconds = 20_000;

/** Past runs of a study, as a person looks at them. Every run is seen with all answers that counted when it ended. */
export class StudyHistory {
  private readonly read = new Map<
    string,
    { state: RunState; rows?: AnswerRow[]; writes: number; time: number }
  >();

  constructor(private readonly archive: StudyArchive) {}

  /** The last runs, the newest first. */
  async list(id: string, most: number): Promise<{ runs: RunListing[]; numRuns: number }> {
    const all = await this.archive.runs(id);
    const shown = all.slice(0, most);
    const numbers = [...new Set(all.slice(0, most + 1).map(({ definition }) => definition))];
    const definitions = await this.archive.definitions(id, numbers);
    const runs: RunListing[] = [];
    for (const [index, run] of shown.entries()) {
      let { figures } = run;
      if (!figures) {
        figures = figuresOf(await this.state(id, run.id));
        await this.archive.keepFigures(run.id, figures);
        // A long history is no reason for the rest of the program to stand still.
        await turn();
      }
      const [own, before] = [run, all[index + 1]].map((each) => each && definitions.get(each.definition));
      runs.push({
        ...run,
        figures,
        changes: own && before && own !== before ? changedPaths(before, own) : [],
      });
    }
    return { runs, numRuns: all.length };
  }

  /** What failed in a run, and the answers that a query finds. */
  async look(id: string, run: number, query: string, most: number): Promise<RunLook> {
    const rows = await this.rows(id, run);
    const { found, problem } = filtered(rows, query);
    return {
      run,
      numAnswers: rows.length,
      numFailures: rows.filter(({ result }) => result.failure !== null).length,
      groups: groupFailures(rows),
      rows: found.slice(0, most),
      numFound: found.length,
      problem,
    };
  }

  async compare(
    id: string,
    before: number,
    after: number,
    change: CellChange | null,
    most: number,
  ): Promise<RunComparison> {
    const whole = await this.compared(id, before, after);
    const shown = whole.cells.filter((cell) =>
      change === null ? cell.change !== 'same' : cell.change === change,
    );
    return { ...whole, cells: shown.slice(0, most) };
  }

  /** @throws {ScopeError} `badRequest` for a query that cannot be read */
  async exported(
    id: string,
    shown: ShownAnswers,
    format: AnswerFormat,
    language: 'en' | 'zh',
  ): Promise<string> {
    return exportAnswers(await this.toExport(id, shown), format, language);
  }

  private async toExport(id: string, shown: ShownAnswers): Promise<Exported> {
    if ('run' in shown) {
      const { found, problem } = filtered(await this.rows(id, shown.run), shown.query);
      if (problem) {
        throw new ScopeError('badRequest', problem.piece);
      }
      return { run: await this.about(id, shown.run), query: shown.query, rows: found };
    }
    const { before, after, change } = shown;
    const comparison = await this.compare(id, before, after, change, Infinity);
    return { before: await this.about(id, before), after: await this.about(id, after), comparison };
  }

  private async compared(id: string, before: number, after: number): Promise<RunComparison> {
    const [from, to] = [await this.state(id, before), await this.state(id, after)];
    const { cells, ways } = compareRuns(from, to);
    const counts = Object.fromEntries(
      cellChanges.map((change) => [change, cells.filter((cell) => cell.change === change).length]),
    ) as Record<CellChange, number>;
    return { before, after, ways, changes: changedPaths(from.study, to.study), counts, cells };
  }

  private async about(id: string, run: number): Promise<ExportedRun> {
    const record = (await this.archive.runs(id)).find((each) => each.id === run);
    const { study } = await this.state(id, run);
    if (!record) {
      throw new ScopeError('runExpired');
    }
    return { record, study };
  }

  private async rows(id: string, run: number): Promise<AnswerRow[]> {
    const entry = await this.entry(id, run);
    entry.rows ??= answersOf(entry.state);
    return entry.rows;
  }

  private async state(id: string, run: number): Promise<RunState> {
    return (await this.entry(id, run)).state;
  }

  private async entry(id: string, run: number): Promise<{ state: RunState; rows?: AnswerRow[] }> {
    const key = `${id} ${run}`;
    const { numWrites } = this.archive;
    const known = this.read.get(key);
    if (known?.writes === numWrites && performance.now() - known.time < freshMilliseconds) {
      return known;
    }
    const runs = await this.archive.runsUpTo(id, run);
    if (!runs) {
      throw new ScopeError('runExpired');
    }
    const state = stateAfter(runs);
    const entry = { state, writes: numWrites, time: performance.now() };
    this.read.delete(key);
    this.read.set(key, entry);
    // Two are looked at together at most.
    for (const old of [...this.read.keys()].slice(0, -2)) {
      this.read.delete(old);
    }
    return entry;
  }
}

function filtered(
  rows: readonly AnswerRow[],
  query: string,
): { found: readonly AnswerRow[]; problem: QueryProblem | null } {
  try {
    const parsed = parseQuery(query);
    return { found: rows.filter((row) => parsed.matches(row)), problem: null };
  } catch (error) {
    if (error instanceof QueryError) {
      return { found: [], problem: error.problem };
    }
    throw error;
  }
}
