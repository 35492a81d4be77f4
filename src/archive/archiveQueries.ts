import type { RunCircumstances, RunRecord } from '../protocol/promptRuns';
import type { CellResult, Study } from '../protocol/prompts';
import type { SqlConnection } from './sqlDatabase';
import type { KeptStudy } from './studyArchive';

/** The statements that read the archive. */

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

export function readRuns(connection: SqlConnection, study: string): RunRecord[] {
  return connection
    .all(
      `SELECT run.id, began, origin, circumstances, run.definition, count(*) AS answers, max(recorded) AS ended,
         sum(item >= 0) AS tested
       FROM run JOIN cell ON cell.run = run.id WHERE run.study = ? GROUP BY run.id ORDER BY run.id DESC`,
      [study],
    )
    .map((row): RunRecord => {
      const circumstances = row['circumstances'];
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
      };
    });
}

/** See `StudyArchive.answersAt`; `asked` are the questions of this run. */
export function readRunAnswers(
  connection: SqlConnection,
  study: string,
  run: number,
): { study: Study; results: CellResult[]; asked: ReadonlySet<string> } | undefined {
  const [found] = connection.all(
    'SELECT content FROM run JOIN definition ON definition.id = run.definition WHERE run.id = ? AND run.study = ?',
    [run, study],
  );
  if (!found) {
    return undefined;
  }
  const rows = connection.all(
    'SELECT run, question, result FROM cell WHERE study = ? AND run <= ? ORDER BY id',
    [study, run],
  );
  return {
    study: parsed<Study>(found['content']),
    results: rows.map((row) => parsed<CellResult>(row['result'])),
    asked: new Set(rows.flatMap((row) => (row['run'] === run ? [String(row['question'])] : []))),
  };
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
