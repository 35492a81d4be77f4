import * as vscode from 'vscode';
import { picturesIn, statPictures } from '../host/folderPictures';
import { type ImageIndex, type PictureStat, updateIndex } from '../host/imageIndex';
import type { ImageIndexStore } from '../host/imageIndexStore';
import { type ImageRun, type SearchView, type SkippedPicture, mostFound } from '../protocol/imagePage';
import type { ReadyModel } from './imageEngine';
import { ImageWork, PictureFailures, type Work } from './imageWork';
import type { TabServices } from './labelsTab';
import { nameOf } from './pictureBook';

/** More pictures of a folder than these are not searched. */
const mostSearched = 5000;
/** What was read is written down this often, in milliseconds, so that little is lost with a window that closes. */
const keepEvery = 10_000;
/** What was read so far is ranked this often, in milliseconds. */
const rankEvery = 2000;
const longestQuery = 1000;
/** Of the pictures that could not be read these are named. */
const mostTold = 200;

/** Pictures of a folder by what they show. */
export class SearchTab {
  private folder: vscode.Uri | undefined;
  private query = '';
  private run: ImageRun = { state: 'idle' };
  private index: ImageIndex | undefined;
  private counts = { numPictures: 0, numAdded: 0, numDropped: 0, isLimited: false };
  private found: SearchView['found'] = [];
  private skipped: readonly SkippedPicture[] = [];
  private notes: SearchView['notes'] = { unknown: [], numCut: 0 };
  private milliseconds: number | null = null;
  private readonly work: ImageWork;

  constructor(
    private readonly services: TabServices,
    private readonly store: ImageIndexStore,
  ) {
    this.work = new ImageWork((run) => {
      this.run = run;
      services.changed();
    }, services.log);
  }

  get view(): SearchView {
    const { folder, query, run, counts, found, skipped, notes, milliseconds } = this;
    return {
      folder: folder ? { name: nameOf(folder) || folder.path, path: folder.fsPath } : null,
      query,
      run,
      ...counts,
      numIndexed: this.index?.numPictures ?? 0,
      found,
      skipped: skipped.slice(0, mostTold),
      numSkipped: skipped.length,
      notes,
      milliseconds,
    };
  }

  get searched(): { readonly folder: vscode.Uri | undefined; readonly query: string } {
    return { folder: this.folder, query: this.query };
  }

  /** Whether the folder was looked through. */
  get isReady(): boolean {
    return this.index !== undefined;
  }

  setFolder(folder: vscode.Uri, query = this.query): void {
    this.folder = folder;
    this.query = query;
    this.index = undefined;
    this.counts = { numPictures: 0, numAdded: 0, numDropped: 0, isLimited: false };
    this.found = [];
    this.skipped = [];
  }

  /** Looks for something else in what is known; a reading of the folder that is under way goes on and ranks by it. */
  async setQuery(query: string): Promise<void> {
    this.query = query.trim().slice(0, longestQuery);
    this.services.changed();
    const { index } = this;
    if (!index || this.work.isWorking) {
      return;
    }
    const before = this.run;
    await this.work.start(async (work) => {
      const model = await this.services.engine.ready(this.owner);
      if (model.key === index.model) {
        await this.rank(index, model, work);
      } else {
        await this.read(work);
      }
    });
    // What was left undone still is.
    if (before.state === 'stopped' && this.run.state === 'idle') {
      this.run = before;
      this.services.changed();
    }
  }

  /** Looks through the folder, reads what is new and ranks. Resolves when it is over, whatever came of it. */
  async refresh(): Promise<void> {
    if (this.folder) {
      await this.work.start((work) => this.read(work));
    }
  }

  /** Ends what is under way and shows what was read so far. */
  async stop(): Promise<void> {
    const { index } = this;
    this.work.stop();
    const stopped = this.run;
    if (this.folder && index) {
      await this.store.write(this.folder, index);
      await this.setQuery(this.query);
      if (this.run.state === 'idle') {
        this.run = stopped;
        this.services.changed();
      }
    }
  }

  /** The page is gone; what was read stays kept. */
  async dispose(): Promise<void> {
    const { folder, index, work } = this;
    const wasWorking = work.isWorking;
    work.stop();
    if (wasWorking && folder && index) {
      await this.store.write(folder, index);
    }
  }

  private get owner(): string {
    return `${this.services.owner}-search`;
  }

  private async read(work: Work): Promise<void> {
    const folder = this.folder as vscode.Uri;
    work.tell('listing');
    const listed = await picturesIn(folder, mostSearched, {
      found: (count) => work.tell('listing', count),
      stopped: () => work.isOver(),
    });
    const files = await statPictures(listed.uris);
    if (work.isOver()) {
      return;
    }
    this.services.book.renew();
    this.skipped = [];
    this.counts = { numPictures: files.length, numAdded: 0, numDropped: 0, isLimited: listed.isLimited };
    work.tell('model');
    const model = await this.services.engine.ready(this.owner);
    const index = await this.store.read(folder, model.key);
    if (work.isOver()) {
      return;
    }
    this.index = index;
    const before = index.numPictures;
    const numDropped = index.keepOnly(files);
    const hasChanged = before !== index.numPictures;
    const numAdded = await this.update(folder, index, files, model, work);
    if (!work.isOver()) {
      this.counts = { ...this.counts, numAdded, numDropped };
      if (numAdded > 0 || hasChanged) {
        await this.store.write(folder, index);
      }
      await this.rank(index, model, work);
    }
  }

  private async update(
    folder: vscode.Uri,
    index: ImageIndex,
    files: readonly PictureStat[],
    model: ReadyModel,
    work: Work,
  ): Promise<number> {
    const failures = new PictureFailures();
    let [kept, ranked] = [performance.now(), performance.now()];
    return updateIndex(index, files, {
      embed: async ({ uri }) => {
        const vector = await model.embedPicture(vscode.Uri.parse(uri));
        failures.succeeded();
        const now = performance.now();
        if (now - kept > keepEvery) {
          kept = now;
          await this.store.write(folder, index);
        }
        if (now - ranked > rankEvery) {
          ranked = now;
          await this.rank(index, model, work);
        }
        return vector;
      },
      skip: (file, error) => {
        const { path, name } = this.services.book.shown(vscode.Uri.parse(file.uri));
        this.skipped = [...this.skipped, { path, reason: PictureFailures.reason(error, name) }];
        return failures.goOn(error);
      },
      progress: (done, total) => work.tell('pictures', done, total),
      stopped: () => work.isOver(),
    });
  }

  private async rank(index: ImageIndex, model: ReadyModel, work: Work): Promise<void> {
    const { query } = this;
    if (query === '') {
      this.found = [];
      this.notes = { unknown: [], numCut: 0 };
      this.milliseconds = null;
      return;
    }
    const started = performance.now();
    const { vectors, notes } = await model.embedTexts([query]);
    if (work.isOver()) {
      return;
    }
    const best = index.search(vectors[0] as Float32Array, mostFound);
    this.milliseconds = performance.now() - started;
    this.notes = notes;
    this.found = best.map(({ uri, cosine }) => ({
      picture: this.services.book.shown(vscode.Uri.parse(uri)),
      cosine,
    }));
    // It was typed while this one was looked for.
    if (query !== this.query) {
      await this.rank(index, model, work);
    }
  }
}
