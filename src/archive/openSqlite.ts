import { Database, type Statement } from 'node-sqlite3-wasm';
import { DatabaseError, type SqlConnection, type SqlRow, type SqlValue } from './sqlDatabase';

export interface OpenConnection extends SqlConnection {
  close(): void;
}

/** The only file that names the build of SQLite. Statements are prepared once per connection. */
export function openSqlite(path: string): OpenConnection {
  const database = told(() => new Database(path));
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    let found = statements.get(sql);
    if (!found) {
      found = database.prepare(sql);
      statements.set(sql, found);
    }
    return found;
  };
  const close = (): void => {
    statements.forEach((statement) => {
      statement.finalize();
    });
    statements.clear();
    database.close();
  };
  try {
    // Only who holds the lock opens the file (see `fileDatabase.ts`), so that one connection may have it alone. That
    // is what makes the write-ahead log possible here: a commit is one append, and survives the process.
    told(() => {
      database.exec(
        'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;',
      );
    });
  } catch (error) {
    close();
    throw error;
  }
  return {
    exec: (sql) => {
      told(() => {
        database.exec(sql);
      });
    },
    run: (sql, values = []) => {
      told(() => prepared(sql).run([...values]));
    },
    all: (sql, values = []) =>
      told(() => prepared(sql).all([...values]) as Record<string, SqlValue>[]) satisfies SqlRow[],
    close,
  };
}

/** This build says what went wrong only in words. */
function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DatabaseError) {
      throw error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const failure = /malformed(?! JSON)|not a database/.test(message)
      ? 'corrupt'
      : /locked/.test(message)
        ? 'busy'
        : /disk I\/O|is full|readonly|read-only|unable to open|Could not open/.test(message)
          ? 'unwritable'
          : 'statement';
    throw new DatabaseError(failure, message, { cause: error });
  }
}
