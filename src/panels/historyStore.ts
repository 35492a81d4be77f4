import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fields, index, json, maybe, number, text } from '../protocol/shape';
import type { HistoryEntry } from './historyEntry';
import { historyContent } from './keptShapes';

/** More entries than this are not kept; the ones that were not touched for longest go. */
export const maxEntries = 200;

const suffix = '.json';

/**
 * Keeps each entry as a file of its own, written beside its place and renamed into it: a window that closes loses at
 * most what it was writing, and windows that write at once touch different files. Only of one entry that two
 * windows change in the same moment the later change counts.
 */
export class HistoryStore {
  private last: Promise<unknown> = Promise.resolve();
  private writes = 0;

  constructor(
    readonly folder: string,
    private readonly log: (message: string) => void,
  ) {}

  /** Keeps an entry; one that is known keeps its name, and where the reader was. @returns how many older ones went */
  put(entry: HistoryEntry): Promise<number> {
    return this.next(async () => {
      const before = await this.read(entry.id);
      await mkdir(this.folder, { recursive: true });
      await this.write({ ...carriedOver(before), ...entry });
      return this.dropOldest();
    }, 0);
  }

  /** Changes what is known of an entry; one that was deleted meanwhile, perhaps by another window, stays so. */
  change(id: string, change: (entry: HistoryEntry) => HistoryEntry): Promise<void> {
    return this.next(async () => {
      const before = await this.read(id);
      if (before) {
        await this.write(change(before));
      }
    }, undefined);
  }

  /** Deletes entries. @returns them, for bringing them back */
  remove(ids: readonly string[]): Promise<HistoryEntry[]> {
    return this.next(async () => {
      const found = await Promise.all(ids.map((id) => this.read(id)));
      await Promise.all(ids.map((id) => rm(this.path(id), { force: true })));
      return found.filter((entry) => entry !== undefined);
    }, []);
  }

  /** Everything that is kept, the latest first. Files that cannot be read are left out. */
  async list(): Promise<HistoryEntry[]> {
    await this.last;
    const found = await Promise.all((await this.ids()).map((id) => this.read(id)));
    return found.filter((entry) => entry !== undefined).sort((a, b) => b.time - a.time);
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await this.last;
  }

  private async ids(): Promise<string[]> {
    const names = await readdir(this.folder).catch((): string[] => []);
    return names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
  }

  private async read(id: string): Promise<HistoryEntry | undefined> {
    try {
      const entry = historyEntry(JSON.parse(await readFile(this.path(id), 'utf8')), id);
      return entry.id === id ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  private async write(entry: HistoryEntry): Promise<void> {
    const path = this.path(entry.id);
    const beside = `${path}.${process.pid}-${this.writes++}.new`;
    try {
      await writeFile(beside, JSON.stringify(entry));
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  }

  private async dropOldest(): Promise<number> {
    const ids = await this.ids();
    if (ids.length <= maxEntries) {
      return 0;
    }
    const dated = await Promise.all(
      ids.map(async (id) => ({ id, time: (await stat(this.path(id)).catch(() => undefined))?.mtimeMs ?? 0 })),
    );
    const old = dated.sort((a, b) => b.time - a.time).slice(maxEntries);
    await Promise.all(old.map(({ id }) => rm(this.path(id), { force: true })));
    return old.length;
  }

  /** One after the other; a full disk costs the memory of a run, not the run. */
  private next<T>(task: () => Promise<T>, otherwise: T): Promise<T> {
    const done = this.last.then(task).catch((error: unknown) => {
      this.log(`The history could not be written: ${String(error)}`);
      return otherwise;
    });
    this.last = done;
    return done;
  }

  private path(id: string): string {
    return join(this.folder, `${id.replace(/[^\w-]/g, '_')}${suffix}`);
  }
}

const historyEntry = fields<HistoryEntry>({
  id: text(64),
  content: historyContent,
  name: maybe(text(10_000)),
  // What a date can be.
  time: number(0, 8.64e15),
  dropped: maybe(index),
  look: maybe(json(200_000)),
});

function carriedOver(before: HistoryEntry | undefined): Pick<HistoryEntry, 'name' | 'look'> {
  return {
    ...(before?.name === undefined ? {} : { name: before.name }),
    ...(before?.look === undefined ? {} : { look: before.look }),
  };
}
