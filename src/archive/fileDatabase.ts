import { existsSync, mkdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LockFile, signOfLife } from './lockFile';
import { type OpenConnection, openSqlite } from './openSqlite';
import { DatabaseError, type SharedDatabase, type SqlConnection } from './sqlDatabase';

export interface FileDatabaseOptions {
  /** Brings a database that was just opened to this version. */
  prepare(connection: SqlConnection): void;
  /** A file that could not be read was kept under another name, and a new one begun. */
  setAside(path: string): void;
  /** How long a use waits for another process. Milliseconds. */
  readonly busyTimeout?: number;
}

interface Waiting {
  readonly since: number;
  attempt(): boolean;
  fail(error: unknown): void;
}

/** Kept open this long after a use, since another one usually follows: opening costs a hundred times as much. */
const idleMilliseconds = 1000;
/** How often somebody else's wish for the database is looked for while it is held, and a free one for it. */
const lookMilliseconds = 50;
const defaultBusyTimeout = 10_000;

/**
 * One SQLite file for several windows and programs. Whoever uses it holds the lock on it for a moment longer than
 * the use, and gives it up early when another process leaves word that it waits.
 */
export class FileDatabase implements SharedDatabase {
  private readonly lock: LockFile;
  private connection: OpenConnection | undefined;
  private readonly queue: Waiting[] = [];
  private timer: ReturnType<typeof setInterval> | undefined;
  private lastUse = 0;
  private lastSign = 0;
  /** Who held it did not let go in time. Until somebody does, nobody here waits for it again. */
  private gaveUp = false;
  /** Until when others have precedence. */
  private notBefore = 0;

  constructor(
    private readonly path: string,
    private readonly options: FileDatabaseOptions,
  ) {
    this.lock = new LockFile(`${path}.holder`);
  }

  use<T>(work: (connection: SqlConnection) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        since: performance.now(),
        attempt: () => {
          const connection = this.hold();
          if (connection) {
            resolve(this.perform(connection, work));
          }
          return connection !== undefined;
        },
        fail: reject,
      };
      this.queue.push(waiting);
      if (this.queue.length === 1) {
        this.work();
      }
      this.watch();
    });
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.letGo();
  }

  /** Does what waits, as far as the database can be had. */
  private work(): void {
    for (let next = this.queue[0]; next; next = this.queue[0]) {
      try {
        if (!next.attempt()) {
          if (
            !this.gaveUp &&
            performance.now() - next.since < (this.options.busyTimeout ?? defaultBusyTimeout)
          ) {
            return;
          }
          this.gaveUp = true;
          throw new DatabaseError('busy', `${this.path} is in use`);
        }
      } catch (error) {
        next.fail(meant(error));
      }
      this.queue.shift();
    }
  }

  private perform<T>(connection: OpenConnection, work: (connection: SqlConnection) => T): T {
    this.lastUse = performance.now();
    this.gaveUp = false;
    try {
      return work(connection);
    } catch (error) {
      if (error instanceof DatabaseError && error.failure === 'corrupt') {
        this.beginAnew();
        const again = this.hold();
        if (again) {
          return work(again);
        }
      }
      throw error;
    }
  }

  /** The open database; undefined while somebody else has it. */
  private hold(): OpenConnection | undefined {
    if (this.connection) {
      if (this.lock.isHeld()) {
        return this.connection;
      }
      // Somebody took it for dead. What closing would write is not ours to write any more.
      this.connection = undefined;
    }
    if (performance.now() < this.notBefore) {
      return undefined;
    }
    mkdirSync(dirname(this.path), { recursive: true });
    if (!this.lock.take()) {
      writeFileSync(this.wish, '');
      return undefined;
    }
    try {
      this.connection = this.open();
    } catch (error) {
      this.lock.release();
      throw error;
    }
    return this.connection;
  }

  private open(): OpenConnection {
    try {
      return this.openFile();
    } catch (error) {
      if (error instanceof DatabaseError && error.failure === 'corrupt') {
        this.setAside();
        return this.openFile();
      }
      throw error;
    }
  }

  private openFile(): OpenConnection {
    // SQLite's own lock here is a folder that a killed process leaves behind; whoever holds ours may clear it away.
    try {
      rmdirSync(`${this.path}.lock`);
    } catch {
      // There is none.
    }
    const connection = openSqlite(this.path);
    try {
      this.options.prepare(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  private beginAnew(): void {
    const { connection } = this;
    this.connection = undefined;
    try {
      connection?.close();
    } catch {
      // It could not be read; it need not be closed well.
    }
    this.setAside();
    this.connection = this.openFile();
  }

  private setAside(): void {
    const aside = `${this.path.replace(/\.db$/, '')}-unreadable-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}.db`;
    renameSync(this.path, aside);
    for (const ending of ['-wal', '-journal']) {
      if (existsSync(this.path + ending)) {
        renameSync(this.path + ending, aside + ending);
      }
    }
    this.options.setAside(aside);
  }

  private letGo(): void {
    const { connection } = this;
    this.connection = undefined;
    if (connection && this.lock.isHeld()) {
      try {
        connection.close();
      } finally {
        this.lock.release();
      }
    }
  }

  /** While it is held or waited for, looks around; an idle program has no timer. Only what waits keeps it alive. */
  private watch(): void {
    this.timer ??= setInterval(() => {
      this.look();
    }, lookMilliseconds);
    if (this.queue.length > 0) {
      this.timer.ref();
    } else {
      this.timer.unref();
    }
  }

  private look(): void {
    const now = performance.now();
    if (this.connection && existsSync(this.wish)) {
      rmSync(this.wish, { force: true });
      this.letGo();
      this.notBefore = now + 3 * lookMilliseconds;
    }
    this.work();
    if (this.connection && now - this.lastSign > signOfLife) {
      this.lastSign = now;
      this.lock.touch();
    }
    if (this.queue.length === 0 && now - this.lastUse > idleMilliseconds) {
      this.close();
    } else {
      this.watch();
    }
  }

  /** Where others leave word that they wait. */
  private get wish(): string {
    return `${this.path}.wanted`;
  }
}

/** What the file system refuses is told as what it means here. */
function meant(error: unknown): unknown {
  return error instanceof Error && 'code' in error && 'syscall' in error
    ? new DatabaseError('unwritable', error.message, { cause: error })
    : error;
}
