import * as vscode from 'vscode';
import { faultyTemplates, parseLabels, parseTemplates, promptsOf } from '../attention/labelList';
import { labelVectors, scoreLabels } from '../attention/zeroShot';
import type {
  ClassifiedPicture,
  ImageRun,
  LabelsView,
  ShownPicture,
  SkippedPicture,
} from '../protocol/imagePage';
import type { ImageEngine, ReadyModel } from './imageEngine';
import { mostClassified } from './imageLimits';
import { ImageWork, PictureFailures, type Work } from './imageWork';
import { type PictureBook, nameOf } from './pictureBook';
import { tableCell } from '../text/tableCell';

export interface TabServices {
  readonly engine: ImageEngine;
  readonly book: PictureBook;
  readonly owner: string;
  changed(): void;
  log(message: string): void;
}

/** Zero-shot classification: pictures, the person's own labels, and which label fits best. */
export class LabelsTab {
  private uris: readonly vscode.Uri[] = [];
  private shown: readonly ShownPicture[] = [];
  private numOffered = 0;
  private labels: readonly string[] = [];
  private templates: readonly string[] = [];
  private run: ImageRun = { state: 'idle' };
  private results: readonly ClassifiedPicture[] = [];
  private skipped: readonly SkippedPicture[] = [];
  private notes: LabelsView['notes'] = { unknown: [], numCut: 0 };
  private milliseconds: LabelsView['milliseconds'] = null;
  /** Of the pictures on show, by one model. */
  private vectors = new Map<string, Float32Array>();
  private modelKey: string | undefined;
  private readonly work: ImageWork;

  constructor(private readonly services: TabServices) {
    this.work = new ImageWork((run) => {
      this.run = run;
      services.changed();
    }, services.log);
  }

  get view(): LabelsView {
    const {
      shown: pictures,
      numOffered,
      labels,
      templates,
      run,
      results,
      skipped,
      notes,
      milliseconds,
    } = this;
    return { pictures, numOffered, labels, templates, run, results, skipped, notes, milliseconds };
  }

  get pictures(): readonly vscode.Uri[] {
    return this.uris;
  }

  /** Puts other pictures on show; they are read again even when they are the same. */
  setPictures(uris: readonly vscode.Uri[], numOffered = uris.length): void {
    const { book } = this.services;
    book.renew();
    this.uris = uris.slice(0, mostClassified);
    this.shown = this.uris.map((uri) => book.shown(uri));
    this.numOffered = numOffered;
    this.vectors.clear();
    this.forget();
  }

  /** Labels and templates as they were typed. @returns whether anything is different now */
  setPrompts(labels: string, templates: string): boolean {
    const before = JSON.stringify([this.labels, this.templates]);
    this.labels = parseLabels(labels);
    this.templates = parseTemplates(templates);
    if (JSON.stringify([this.labels, this.templates]) === before) {
      return false;
    }
    this.forget();
    return true;
  }

  /** Computes what is missing. Resolves when it is over, whatever came of it. */
  async classify(): Promise<void> {
    const { uris, labels, templates } = this;
    const isAsked = uris.length > 0 && labels.length > 0 && faultyTemplates(templates).length === 0;
    this.forget();
    await this.work.start(async (work) => {
      // Also when nothing is asked yet: the page says which model it is, and what that one knows.
      const model = await this.services.engine.ready(`${this.services.owner}-labels`);
      if (!isAsked || work.isOver()) {
        return;
      }
      if (this.modelKey !== model.key) {
        this.modelKey = model.key;
        this.vectors.clear();
      }
      work.tell('texts');
      const started = performance.now();
      const { vectors, notes } = await model.embedTexts(promptsOf(labels, templates));
      const texts = performance.now() - started;
      if (!work.isOver()) {
        this.notes = notes;
        const scored = labelVectors(vectors, templates.length);
        await this.readPictures(uris, model, work, (vector) =>
          scoreLabels(vector, labels, scored, model.facts.scale.value),
        );
        if (!work.isOver()) {
          this.milliseconds = { texts, pictures: performance.now() - started - texts };
        }
      }
    });
  }

  stop(): void {
    this.work.stop();
  }

  private async readPictures(
    uris: readonly vscode.Uri[],
    model: ReadyModel,
    work: Work,
    score: (vector: Float32Array) => ClassifiedPicture['scores'],
  ): Promise<void> {
    const failures = new PictureFailures();
    const { shown } = this;
    for (const [done, uri] of uris.entries()) {
      work.tell('pictures', done, uris.length);
      const key = uri.toString();
      const { id, name, path } = shown[done] as ShownPicture;
      try {
        const vector = this.vectors.get(key) ?? (await model.embedPicture(uri));
        if (work.isOver()) {
          return;
        }
        failures.succeeded();
        this.vectors.set(key, vector);
        this.results = [...this.results, { id, scores: score(vector) }];
      } catch (error) {
        if (work.isOver()) {
          return;
        }
        if (!failures.goOn(error)) {
          throw error;
        }
        this.skipped = [...this.skipped, { path, reason: PictureFailures.reason(error, name) }];
      }
    }
  }

  private forget(): void {
    this.results = [];
    this.skipped = [];
    this.notes = { unknown: [], numCut: 0 };
    this.milliseconds = null;
  }

  /** All probabilities and cosines as tab-separated text, which spreadsheets take. */
  table(): string {
    const { labels } = this;
    const columns = labels.flatMap((label) => [`${label} (p)`, `${label} (cos)`]);
    const rows = this.results.map(({ id, scores }) => {
      const byLabel = new Map(scores.map((score) => [score.label, score]));
      const uri = this.services.book.uri(id);
      const cells = labels.flatMap((label) => {
        const { probability = 0, cosine = 0 } = byLabel.get(label) ?? {};
        return [probability.toFixed(6), cosine.toFixed(6)];
      });
      return [vscode.workspace.asRelativePath(uri) || nameOf(uri), ...cells];
    });
    return `${[['', ...columns], ...rows].map((row) => row.map(tableCell).join('\t')).join('\n')}\n`;
  }
}
