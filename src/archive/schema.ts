import { DatabaseError, type SqlConnection, transaction } from './sqlDatabase';

/**
 * The archive's tables, as steps from one version to the next. A step that was published is never changed; what a
 * later version needs is a further step.
 *
 * A definition, the circumstances of a run and a result are kept as the JSON that the protocol describes, whole, so
 * that nothing of them is lost; what is looked for has a column that SQLite reads out of it.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE study (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    input TEXT NOT NULL,
    -- Milliseconds since 1970, as all times here.
    changed INTEGER NOT NULL,
    -- Different questions that were answered.
    answers INTEGER NOT NULL DEFAULT 0,
    -- Set while a removal can still be undone.
    removed INTEGER,
    definition INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE definition (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    made INTEGER NOT NULL,
    content TEXT NOT NULL
  );
  CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    definition INTEGER NOT NULL REFERENCES definition (id) ON DELETE CASCADE,
    began INTEGER NOT NULL,
    -- 'asked' here, or 'brought' along in a file.
    origin TEXT NOT NULL,
    circumstances TEXT,
    -- What told each model's files apart when it was asked, by model id.
    identities TEXT NOT NULL,
    -- How each way did, once it was worked out; gone again when an answer is added or judged anew.
    figures TEXT
  );
  CREATE TABLE cell (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    study TEXT NOT NULL,
    -- What was asked: the way, the model, and the fingerprint of everything else.
    question TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    result TEXT NOT NULL,
    strategy TEXT AS (result ->> '$.strategy'),
    item INTEGER AS (result ->> '$.item'),
    model TEXT AS (result ->> '$.model'),
    repeat INTEGER AS (coalesce(result ->> '$.repeat', 0)),
    fingerprint TEXT AS (result ->> '$.fingerprint'),
    prompt_hash TEXT AS (result ->> '$.promptHash'),
    output TEXT AS (result ->> '$.output'),
    answer TEXT AS (result ->> '$.answer'),
    pass INTEGER AS (result ->> '$.pass'),
    failure TEXT AS (result ->> '$.failure'),
    judged INTEGER AS (result ->> '$.judged'),
    score REAL AS (result ->> '$.score'),
    milliseconds REAL AS (result ->> '$.milliseconds'),
    prompt_tokens INTEGER AS (result ->> '$.numPromptTokens'),
    new_tokens INTEGER AS (result ->> '$.numNewTokens'),
    price REAL AS (result ->> '$.price'),
    error TEXT AS (result ->> '$.error'),
    UNIQUE (run, question)
  );
  CREATE INDEX cell_of_study ON cell (study, question);
  CREATE INDEX run_of_study ON run (study);
  CREATE INDEX definition_of_study ON definition (study);
  CREATE INDEX run_of_definition ON run (definition);
  `,
];

/**
 * Brings a database to the newest version, step by step, each whole or not at all.
 * @throws {DatabaseError} `newer` for one that a later version of this program has made
 */
export function migrate(connection: SqlConnection, steps: readonly string[] = migrations): void {
  const version = Number(connection.all('PRAGMA user_version')[0]?.['user_version'] ?? 0);
  if (version > steps.length) {
    throw new DatabaseError('newer', `version ${version}, this program knows ${steps.length}`);
  }
  connection.exec('PRAGMA foreign_keys = ON');
  steps.slice(version).forEach((step, index) => {
    transaction(connection, () => {
      connection.exec(step);
      connection.exec(`PRAGMA user_version = ${version + index + 1}`);
    });
  });
}
