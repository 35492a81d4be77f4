/** What the archive needs of SQLite, whoever provides it: a build for Node here, one for browsers elsewhere. */

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** An open database; every call is done when it returns. */
export interface SqlConnection {
  /** Several statements without values. */
  exec(sql: string): void;
  run(sql: string, values?: readonly SqlValue[]): void;
  all(sql: string, values?: readonly SqlValue[]): SqlRow[];
}

/** A database that other windows and programs use too. */
export interface SharedDatabase {
  /**
   * Runs some work on the database while nobody else does. Where it is free already, the work is done when this
   * returns; else it waits for its turn.
   * @throws {DatabaseError} also for what SQLite finds wrong in the work
   */
  use<T>(work: (connection: SqlConnection) => T): Promise<T>;
  /** Gives the database back; the next use opens it again. */
  close(): void;
}

/**
 * `busy`: somebody else does not let go; `unwritable`: no room, no permission; `newer`: made by a later version of
 * this program; `statement`: SQLite does not take what it was told.
 */
export type DatabaseFailure = 'busy' | 'unwritable' | 'corrupt' | 'newer' | 'statement';

export class DatabaseError extends Error {
  constructor(
    readonly failure: DatabaseFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'DatabaseError';
  }
}

/** All of the work, or nothing of it. */
export function transaction<T>(connection: SqlConnection, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  let done: T;
  try {
    done = work();
    connection.exec('COMMIT');
  } catch (error) {
    try {
      connection.exec('ROLLBACK');
    } catch {
      // After some failures SQLite has rolled back by itself.
    }
    throw error;
  }
  return done;
}
