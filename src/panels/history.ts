import { mkdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type HistoryContent, type HistoryEntry, entryOf, keptLook } from './historyEntry';
import type { HistoryStore } from './historyStore';

/** The reader moves about; what is written is where they stop. */
const lookMilliseconds = 300;
/** Another window writes a file several times. */
const watchMilliseconds = 500;

/** Who keeps what is looked at, as panels know it. */
export type HistoryKeeper = Pick<History, 'keep' | 'change' | 'look'>;

/** What was looked at, in every window of this machine; panels tell it, the sidebar lists it. */
export class History implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  /** An entry came, went or was renamed, here or in another window. */
  readonly onDidChange = this.emitter.event;
  /** Entries that went since the window opened because there were too many. */
  numDropped = 0;
  private readonly looks = new Map<string, unknown>();
  private lookTimer: NodeJS.Timeout | undefined;
  private watchTimer: NodeJS.Timeout | undefined;
  private watcher: vscode.Disposable | undefined;

  constructor(
    private readonly store: HistoryStore,
    private readonly isOn: () => boolean,
  ) {
    // A folder that is not there cannot be watched.
    mkdir(store.folder, { recursive: true }).then(
      () => this.watch(),
      () => undefined,
    );
  }

  /** Where the files lie. */
  get folder(): string {
    return this.store.folder;
  }

  /** Everything that is kept, the latest first. */
  list(): Promise<HistoryEntry[]> {
    return this.store.list();
  }

  /**
   * Keeps what is shown now.
   * @returns the entry's name for what changes later; undefined when nothing is to be kept
   */
  keep(content: HistoryContent, look?: unknown): string | undefined {
    if (!this.isOn()) {
      return undefined;
    }
    const short = keptLook(look);
    const entry: HistoryEntry = {
      ...entryOf(content, Date.now()),
      ...(short === undefined ? {} : { look: short }),
    };
    void this.store.put(entry).then((dropped) => {
      this.numDropped += dropped;
      this.emitter.fire();
    });
    return entry.id;
  }

  /** The same text by the same models, with something else beside it. */
  change(id: string | undefined, content: HistoryContent): void {
    if (id !== undefined && this.isOn()) {
      const { content: kept } = entryOf(content, 0);
      void this.store.change(id, (entry) => ({ ...entry, content: kept }));
    }
  }

  /** Where the reader is now; of many moves the last is written. */
  look(id: string | undefined, look: unknown): void {
    const short = keptLook(look);
    if (id !== undefined && short !== undefined && this.isOn()) {
      this.looks.set(id, short);
      this.lookTimer ??= setTimeout(() => this.writeLooks(), lookMilliseconds);
    }
  }

  /** Gives an entry a name; an empty one brings the old title back. */
  async rename(id: string, name: string): Promise<void> {
    await this.store.change(id, (entry) => {
      const renamed: { -readonly [K in keyof HistoryEntry]: HistoryEntry[K] } = { ...entry };
      delete renamed.name;
      return name.trim() === '' ? renamed : { ...renamed, name: name.trim() };
    });
    this.emitter.fire();
  }

  /** Deletes entries. @returns what brings them back */
  async remove(ids: readonly string[]): Promise<() => Promise<void>> {
    this.writeLooks();
    const removed = await this.store.remove(ids);
    this.emitter.fire();
    return async () => {
      for (const entry of removed) {
        await this.store.put(entry);
      }
      this.emitter.fire();
    };
  }

  /** Resolves when everything that was told is on the disk. */
  async settled(): Promise<void> {
    this.writeLooks();
    await this.store.settled();
  }

  dispose(): void {
    this.writeLooks();
    clearTimeout(this.watchTimer);
    this.watcher?.dispose();
    this.emitter.dispose();
  }

  private writeLooks(): void {
    clearTimeout(this.lookTimer);
    this.lookTimer = undefined;
    for (const [id, look] of this.looks) {
      void this.store.change(id, (entry) => ({ ...entry, look }));
    }
    this.looks.clear();
  }

  private watch(): void {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(this.store.folder), '*.json');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = (): void => {
      this.watchTimer ??= setTimeout(() => {
        this.watchTimer = undefined;
        this.emitter.fire();
      }, watchMilliseconds);
    };
    this.watcher = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      watcher.onDidDelete(changed),
    );
  }
}
