import type { RunCircumstances, RunFigures } from '../protocol/promptRuns';
import { type CellResult, type Study, answerKey } from '../protocol/prompts';
import type * as Queries from './archiveQueries';
import type { ArchiveWriter } from './archiveWriter';
import type { AnsweredRun } from '../prompts/runAnswers';
import type { Journal, JournalLine } from '../study/journal';
import type { KeptStudy } from './keptStudy';
import { DatabaseError, type SharedDatabase, type SqlConnection, transaction } from './sqlDatabase';

/** A database, and the statements for it, which are loaded with it. */
export interface OpenedArchive {
  readonly database: SharedDatabase;
  readonly writer: ArchiveWriter;
  readonly queries: typeof Queries;
}

export interface ArchiveServices {
  /** Opens the database when it is needed first. */
  open(): Promise<OpenedArchive>;
  /** The archive cannot be written; told once, until it can again. What was to be kept waits in memory. */
  unwritable(error: DatabaseError): void;
  /** A study began, went, came back or got another name here. */
  changed(): void;
  log(message: string): void;
}

/** Who keeps studies, as those who work on them know it: an archive, or only the memory of a window. */
export type StudyKeeper = Pick<StudyArchive, 'begin' | 'add' | 'read' | 'recent'>;

/**
 * Every study with all its runs, in a database. Each change and each finished answer is committed on its own, so
 * that a window that closes or a process that dies loses none. What cannot be written stays in memory and is written
 * as soon as that is possible again.
 */
export class StudyArchive implements Journal {
  private current: OpenedArchive | undefined;
  private opening: Promise<OpenedArchive> | undefined;
  private waiting: ((connection: SqlConnection, writer: ArchiveWriter) => void)[] = [];
  private wasTold = false;
  private last: Promise<void> = Promise.resolve();
  private readonly removed = new Set<string>();
  /** Grows with everything that is kept of answers and definitions here. */
  numWrites = 0;

  constructor(private readonly services: ArchiveServices) {}

  /** Puts a study into the archive, with answers that it does not have yet. */
  async begin(
    study: Study,
    results: readonly CellResult[],
    identities?: ReadonlyMap<string, string>,
  ): Promise<void> {
    await this.keep((connection, writer) => {
      writer.begin(connection, study, results, identities);
    });
    this.services.changed();
  }

  add(id: string, line: JournalLine): Promise<void> {
    this.numWrites++;
    return this.keep((connection, writer) => {
      if ('study' in line) {
        writer.define(connection, id, line.study);
      } else if ('result' in line) {
        writer.record(connection, id, line.result, line.late);
      } else {
        writer.judge(connection, id, line.verdict);
      }
    });
  }

  /** The next answer of the study begins a run. What is asked of whom may still be found out meanwhile. */
  startRun(
    id: string,
    identities: ReadonlyMap<string, string> = new Map(),
    circumstances?: Promise<RunCircumstances>,
  ): void {
    void this.keep((_, writer) => {
      writer.startRun(id, identities);
    });
    circumstances?.then(
      (found) =>
        this.keep((connection, writer) => {
          writer.setCircumstances(connection, id, found);
        }),
      (error: unknown) => {
        this.services.log(`The circumstances of a run are not known: ${String(error)}`);
      },
    );
  }

  /** The study as it was last, with every answer; undefined when there is none. */
  async read(id: string): Promise<{ study: Study; results: CellResult[] } | undefined> {
    const found = await this.look((connection, queries) => queries.readStudy(connection, id));
    return found && { study: found.study, results: latest(found.results) };
  }

  /** The study's runs, the last one first. */
  async runs(id: string): Promise<Queries.KeptRun[]> {
    return (await this.look((connection, queries) => queries.readRuns(connection, id))) ?? [];
  }

  async definitions(id: string, definitions: readonly number[]): Promise<ReadonlyMap<number, Study>> {
    return (
      (await this.look((connection, queries) => queries.readDefinitions(connection, id, definitions))) ??
      new Map()
    );
  }

  /** Keeps what was worked out of a run, until something of it changes. */
  keepFigures(run: number, figures: RunFigures): Promise<void> {
    return this.keep((connection) => {
      connection.run('UPDATE run SET figures = ? WHERE id = ?', [JSON.stringify(figures), run]);
    });
  }

  /** A run with those before it, the earliest first; undefined where there is no such run. */
  async runsUpTo(id: string, run: number): Promise<AnsweredRun[] | undefined> {
    return this.look((connection, queries) => queries.readRunsUpTo(connection, id, run));
  }

  /** Deletes a study. @returns what brings it back, as long as this program runs */
  async remove(id: string): Promise<() => Promise<void>> {
    const set = (removed: number | null) => (connection: SqlConnection) => {
      connection.run('UPDATE study SET removed = ? WHERE id = ?', [removed, id]);
    };
    await this.keep(set(Date.now()));
    this.removed.add(id);
    this.services.changed();
    return async () => {
      this.removed.delete(id);
      await this.keep(set(null));
      this.services.changed();
    };
  }

  /** The studies that are kept, the last one first. */
  async recent(): Promise<KeptStudy[]> {
    return (await this.look((connection, queries) => queries.keptStudies(connection))) ?? [];
  }

  /** Resolves when everything is written that can be. */
  settled(): Promise<void> {
    return this.last;
  }

  /** Writes what waits, and lets others have the database. What was removed here is gone now. */
  async close(): Promise<void> {
    if (!this.current) {
      return;
    }
    await this.keep((connection) => {
      for (const id of this.removed) {
        connection.run('DELETE FROM study WHERE id = ? AND removed IS NOT NULL', [id]);
      }
    });
    this.current.database.close();
  }

  private keep(write: (connection: SqlConnection, writer: ArchiveWriter) => void): Promise<void> {
    this.waiting.push(write);
    // Without a turn of the event loop in between where the database is open: an answer that is told is kept.
    const written = this.current ? this.write(this.current) : this.opened().then((each) => this.write(each));
    this.last = written.catch((error: unknown) => {
      this.tell(error);
    });
    return this.last;
  }

  /** Writes what waits, each on its own: what SQLite refuses of it must not hold up the rest. */
  private async write({ database, writer }: OpenedArchive): Promise<void> {
    await database.use((connection) => {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        const write = next;
        try {
          transaction(connection, () => {
            write(connection, writer);
          });
        } catch (error) {
          if (error instanceof DatabaseError && error.failure !== 'statement') {
            throw error;
          }
          this.services.log(`Something of a study could not be kept: ${String(error)}`);
        }
        this.waiting.shift();
      }
    });
    this.wasTold = false;
  }

  private async look<T>(
    read: (connection: SqlConnection, queries: typeof Queries) => T,
  ): Promise<T | undefined> {
    try {
      const { database, queries } = await this.opened();
      return await database.use((connection) => read(connection, queries));
    } catch (error) {
      this.tell(error);
      return undefined;
    }
  }

  private opened(): Promise<OpenedArchive> {
    this.opening ??= this.services.open().then((opened) => {
      this.current = opened;
      return opened;
    });
    return this.opening;
  }

  private tell(error: unknown): void {
    this.services.log(`The archive of studies cannot be used: ${String(error)}`);
    if (!this.wasTold) {
      this.wasTold = true;
      this.services.unwritable(
        error instanceof DatabaseError ? error : new DatabaseError('unwritable', String(error)),
      );
    }
  }
}

/** The last answer to each question, in the order in which they were first asked. */
function latest(results: readonly CellResult[]): CellResult[] {
  return [...new Map(results.map((result) => [answerKey(result), result])).values()];
}
