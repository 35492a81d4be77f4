import type { RunCircumstances, RunFigures, RunRecord } from '../protocol/promptRuns';
import type { AnsweredRun } from '../prompts/runAnswers';
import type { CellResult, Study } from '../protocol/prompts';
import type { SqlConnection } from './sqlDatabase';
import type { KeptStudy } from './keptStudy';

/** The statements that read the archive. */

/** A run, with its figures where they were worked out already. */
export interface KeptRun extends RunRecord {
  readonly figures: RunFigures | null;
}

export function readStudy(
  connection: SqlConnection,
  id: string,
): { study: Study; results: CellResult[] } | undefined {
  const [found] = connection.all(
    `SELECT content FROM study JOIN definition ON definition.id = study.definition
     WHERE study.id = ? AND removed IS NULL`,
    [id],
  );
  const results = connection.all('SELECT result FROM cell WHERE study = ? ORDER BY id', [id]);
  return (
    found && { study: parsed<Study>(found['content']), results: results.map((row) => parsed(row['result'])) }
  );
}

export function readRuns(connection: SqlConnection, study: string): KeptRun[] {
  return connection
    .all(
      `SELECT run.id, began, origin, circumstances, figures, run.definition, count(*) AS answers,
         max(recorded) AS ended, sum(item >= 0) AS tested
       FROM run JOIN cell ON cell.run = run.id WHERE run.study = ? GROUP BY run.id ORDER BY run.id DESC`,
      [study],
    )
    .map((row): KeptRun => {
      const { circumstances, figures } = row;
      return {
        id: Number(row['id']),
        definition: Number(row['definition']),
        began: Number(row['began']),
        ended: Number(row['ended']),
        origin: row['origin'] === 'brought' ? 'brought' : 'asked',
        numAnswers: Number(row['answers']),
        numTested: Number(row['tested']),
        ...(typeof circumstances === 'string'
          ? { circumstances: parsed<RunCircumstances>(circumstances) }
          : {}),
        figures: typeof figures === 'string' ? parsed<RunFigures>(figures) : null,
      };
    });
}

/** A run of a study and those before it, the earliest first; undefined where there is no such run. */
export function readRunsUpTo(
  connection: SqlConnection,
  study: string,
  run: number,
): AnsweredRun[] | undefined {
  const runs = connection.all(
    'SELECT id, definition, origin, identities FROM run WHERE study = ? AND id <= ? ORDER BY id',
    [study, run],
  );
  if (runs.at(-1)?.['id'] !== run) {
    return undefined;
  }
  const numbers = [...new Set(runs.map((row) => Number(row['definition'])))];
  const definitions = readDefinitions(connection, study, numbers);
  const results = new Map<unknown, CellResult[]>(runs.map((row) => [row['id'], []]));
  for (const row of connection.all('SELECT run, result FROM cell WHERE study = ? AND run <= ? ORDER BY id', [
    study,
    run,
  ])) {
    results.get(row['run'])?.push(parsed<CellResult>(row['result']));
  }
  return runs.map((row): AnsweredRun => ({
    study: definitions.get(Number(row['definition'])) as Study,
    isBrought: row['origin'] === 'brought',
    identities: new Map(Object.entries(parsed<Record<string, string>>(row['identities']))),
    results: results.get(row['id']) ?? [],
  }));
}

/** Definitions of a study by their number. */
export function readDefinitions(
  connection: SqlConnection,
  study: string,
  definitions: readonly number[],
): Map<number, Study> {
  return new Map(
    definitions.flatMap((id) =>
      connection
        .all('SELECT content FROM definition WHERE id = ? AND study = ?', [id, study])
        .map((row) => [id, parsed<Study>(row['content'])] as const),
    ),
  );
}

export function keptStudies(connection: SqlConnection): KeptStudy[] {
  return connection
    .all(
      'SELECT id, title, input, answers, changed FROM study WHERE removed IS NULL ORDER BY changed DESC, id',
    )
    .map((row) => ({
      id: String(row['id']),
      title: String(row['title']),
      input: String(row['input']),
      numAnswers: Number(row['answers']),
      changed: Number(row['changed']),
    }));
}

/** Forgets what was removed before a time, in milliseconds since 1970. */
export function purge(connection: SqlConnection, before: number): void {
  connection.run('DELETE FROM study WHERE removed < ?', [before]);
}

function parsed<T>(json: unknown): T {
  return JSON.parse(String(json)) as T;
}
