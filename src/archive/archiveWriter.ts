import type { RunCircumstances } from '../protocol/promptRuns';
import { type CellResult, type Study, answerKey } from '../protocol/prompts';
import type { SqlConnection, SqlValue } from './sqlDatabase';

/** Studies beyond this number, the longest untouched, give way when another begins. */
const mostStudies = 200;

interface Running {
  readonly began: number;
  readonly identities: ReadonlyMap<string, string>;
  /** The run before: what was asked in it may be answered after it. */
  readonly previous: number | undefined;
  circumstances: RunCircumstances | undefined;
  /** Known once it has an answer: a run without any leaves no trace. */
  row: number | undefined;
}

/** The statements that change the archive; remembers of each open study which run its answers belong to. */
export class ArchiveWriter {
  private readonly running = new Map<string, Running>();
  /** What to write first should the file have been replaced by an empty one. */
  private readonly opened = new Map<string, Study>();

  begin(
    connection: SqlConnection,
    study: Study,
    results: readonly CellResult[],
    identities: ReadonlyMap<string, string> = new Map(),
  ): void {
    this.opened.set(study.id, study);
    this.startRun(study.id, identities);
    this.define(connection, study.id, study);
    const known = new Set(
      connection
        .all('SELECT DISTINCT question FROM cell WHERE study = ?', [study.id])
        .map(({ question }) => question),
    );
    const fresh = results.filter((result) => !known.has(answerKey(result)));
    if (fresh.length > 0) {
      const row = insertRun(connection, study.id, 'brought', this.runningOf(study.id));
      for (const result of fresh) {
        insertCell(connection, study.id, row, result);
      }
      countAnswers(connection, study.id);
    }
    forgetOldest(connection);
  }

  /** Keeps a definition; one that nothing was asked under is replaced instead of kept as history. */
  define(connection: SqlConnection, id: string, study: Study): void {
    this.opened.set(id, study);
    const content = JSON.stringify(study);
    const [before] = connection.all(
      `SELECT study.definition, content, EXISTS (SELECT 1 FROM run WHERE run.definition = study.definition) AS used
       FROM study JOIN definition ON definition.id = study.definition WHERE study.id = ?`,
      [id],
    );
    const touch = [study.title, study.input, Date.now(), id];
    if (before?.['content'] === content) {
      connection.run('UPDATE study SET removed = NULL, changed = ? WHERE id = ?', [Date.now(), id]);
      return;
    }
    if (before && !before['used']) {
      connection.run('UPDATE definition SET content = ?, made = ? WHERE id = ?', [
        content,
        Date.now(),
        before['definition'] ?? null,
      ]);
      connection.run(
        'UPDATE study SET removed = NULL, title = ?, input = ?, changed = ? WHERE id = ?',
        touch,
      );
      return;
    }
    const row = idOf(
      connection.all('INSERT INTO definition (study, made, content) VALUES (?, ?, ?) RETURNING id', [
        id,
        Date.now(),
        content,
      ]),
    );
    connection.run(
      `INSERT INTO study (title, input, changed, id, definition) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET removed = NULL, title = excluded.title, input = excluded.input,
         changed = excluded.changed, definition = excluded.definition`,
      [...touch, row],
    );
    // What is asked from now on is asked of another definition.
    const running = this.running.get(id);
    if (running?.row !== undefined) {
      this.running.set(id, { ...running, began: Date.now(), previous: running.row, row: undefined });
    }
  }

  startRun(id: string, identities: ReadonlyMap<string, string>): void {
    const before = this.running.get(id);
    this.running.set(id, {
      began: Date.now(),
      identities,
      previous: before?.row ?? before?.previous,
      circumstances: undefined,
      row: undefined,
    });
  }

  setCircumstances(connection: SqlConnection, id: string, circumstances: RunCircumstances): void {
    const running = this.running.get(id);
    if (!running) {
      return;
    }
    running.circumstances = circumstances;
    if (running.row !== undefined) {
      connection.run('UPDATE run SET circumstances = ? WHERE id = ?', [
        JSON.stringify(circumstances),
        running.row,
      ]);
    }
  }

  /** @param late whether it answers what was asked before the study was changed */
  record(connection: SqlConnection, id: string, result: CellResult, late = false): void {
    this.restore(connection, id);
    const running = this.runningOf(id);
    let row = late ? (running.previous ?? running.row) : running.row;
    if (row === undefined || connection.all('SELECT 1 FROM run WHERE id = ?', [row]).length === 0) {
      row = running.row = insertRun(connection, id, 'asked', running);
    }
    const known = connection.all('SELECT 1 FROM cell WHERE study = ? AND question = ? LIMIT 1', [
      id,
      answerKey(result),
    ]);
    insertCell(connection, id, row, result);
    forgetFigures(connection, id, row);
    connection.run('UPDATE study SET changed = ?, answers = answers + ? WHERE id = ?', [
      Date.now(),
      Number(known.length === 0),
      id,
    ]);
  }

  /** Another verdict on the answer that was given last to the same question. */
  judge(connection: SqlConnection, id: string, verdict: CellResult): void {
    const [last] = connection.all(
      'SELECT id, run FROM cell WHERE study = ? AND question = ? ORDER BY id DESC LIMIT 1',
      [id, answerKey(verdict)],
    );
    if (typeof last?.['id'] === 'number') {
      connection.run('UPDATE cell SET result = ? WHERE id = ?', [JSON.stringify(verdict), last['id']]);
      forgetFigures(connection, id, Number(last['run']));
      connection.run('UPDATE study SET changed = ? WHERE id = ?', [Date.now(), id]);
    } else {
      this.record(connection, id, verdict);
    }
  }

  private runningOf(id: string): Running {
    const found = this.running.get(id);
    if (found) {
      return found;
    }
    this.startRun(id, new Map());
    return this.runningOf(id);
  }

  /** A study that is open here but not in the file, which must be a new one. */
  private restore(connection: SqlConnection, id: string): void {
    const study = this.opened.get(id);
    if (study && connection.all('SELECT 1 FROM study WHERE id = ?', [id]).length === 0) {
      this.define(connection, id, study);
    }
  }
}

function insertRun(
  connection: SqlConnection,
  study: string,
  origin: 'asked' | 'brought',
  { began, identities, circumstances }: Running,
): number {
  return idOf(
    connection.all(
      `INSERT INTO run (study, definition, began, origin, identities, circumstances)
       SELECT id, definition, ?, ?, ?, ? FROM study WHERE id = ? RETURNING id`,
      [
        began,
        origin,
        JSON.stringify(Object.fromEntries(identities)),
        circumstances ? JSON.stringify(circumstances) : null,
        study,
      ],
    ),
  );
}

function insertCell(connection: SqlConnection, study: string, run: number, result: CellResult): void {
  connection.run(
    `INSERT INTO cell (run, study, question, recorded, result) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (run, question) DO UPDATE SET recorded = excluded.recorded, result = excluded.result`,
    [run, study, answerKey(result), Date.now(), JSON.stringify(result)],
  );
}

/** An answer counts in its own run and in those after it. */
function forgetFigures(connection: SqlConnection, study: string, run: number): void {
  connection.run('UPDATE run SET figures = NULL WHERE study = ? AND id >= ? AND figures IS NOT NULL', [
    study,
    run,
  ]);
}

function countAnswers(connection: SqlConnection, study: string): void {
  connection.run(
    `UPDATE study SET answers = (SELECT count(DISTINCT question) FROM cell WHERE cell.study = study.id)
     WHERE id = ?`,
    [study],
  );
}

function forgetOldest(connection: SqlConnection): void {
  connection.run(
    `DELETE FROM study WHERE id IN
       (SELECT id FROM study WHERE removed IS NULL ORDER BY changed DESC LIMIT -1 OFFSET ?)`,
    [mostStudies],
  );
}

function idOf(rows: readonly Readonly<Record<string, SqlValue>>[]): number {
  const id = rows[0]?.['id'];
  if (typeof id !== 'number') {
    throw new TypeError('nothing was inserted');
  }
  return id;
}
