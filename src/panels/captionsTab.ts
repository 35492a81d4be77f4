import * as vscode from 'vscode';
import { dot } from '../attention/vectorSearch';
import type { DocumentLines } from '../host/documentLines';
import { ScopeError } from '../protocol/errors';
import type { CaptionsView, ImageRun, ShownPicture } from '../protocol/imagePage';
import { mostCaptions } from './imageLimits';
import { ImageWork } from './imageWork';
import type { TabServices } from './labelsTab';

const longestCaption = 1000;

/** One picture, and which of some texts belongs to it. */
export class CaptionsTab {
  private uri: vscode.Uri | undefined;
  private shown: ShownPicture | null = null;
  private texts: readonly string[] = [];
  /** Where the texts stand; undefined for typed ones. */
  private document: DocumentLines | undefined;
  private run: ImageRun = { state: 'idle' };
  private found: CaptionsView['found'] = [];
  private notes: CaptionsView['notes'] = { unknown: [], numCut: 0 };
  private milliseconds: number | null = null;
  private readonly work: ImageWork;

  constructor(private readonly services: TabServices) {
    this.work = new ImageWork((run) => {
      this.run = run;
      services.changed();
    }, services.log);
  }

  get view(): CaptionsView {
    const { shown: picture, texts, document, run, found, notes, milliseconds } = this;
    return {
      picture,
      texts,
      source: document?.name ?? null,
      numOffered: document?.numOffered ?? texts.length,
      run,
      found,
      notes,
      milliseconds,
    };
  }

  get picture(): vscode.Uri | undefined {
    return this.uri;
  }

  get lines(): readonly string[] {
    return this.texts;
  }

  setPicture(uri: vscode.Uri): void {
    const { book } = this.services;
    book.renew();
    this.uri = uri;
    this.shown = book.shown(uri);
    this.forget();
  }

  /** Texts as they were typed, one per line. @returns whether anything is different now */
  setTyped(typed: string): boolean {
    const lines = typed.split(/[\r\n]+/).map((line) => line.trim().slice(0, longestCaption));
    const texts = [...new Set(lines.filter((line) => line !== ''))].slice(0, mostCaptions);
    if (JSON.stringify(texts) === JSON.stringify(this.texts)) {
      return false;
    }
    this.texts = texts;
    this.document = undefined;
    this.forget();
    return true;
  }

  setDocument(document: DocumentLines): void {
    this.document = document;
    this.texts = document.lines.map(({ text }) => text.slice(0, longestCaption));
    this.forget();
  }

  /** Ranks the texts. Resolves when it is over, whatever came of it. */
  async rank(): Promise<void> {
    const { uri, texts, document } = this;
    this.forget();
    if (!uri || texts.length === 0) {
      this.work.stop();
      this.run = { state: 'idle' };
      this.services.changed();
      return;
    }
    await this.work.start(async (work) => {
      const model = await this.services.engine.ready(`${this.services.owner}-captions`);
      work.tell('texts');
      const started = performance.now();
      const picture = await model.embedPicture(uri);
      const { vectors, notes } = await model.embedTexts(texts);
      if (work.isOver()) {
        return;
      }
      this.milliseconds = performance.now() - started;
      this.notes = notes;
      this.found = texts
        .map((text, index) => {
          const line = document?.lines[index]?.line ?? null;
          return { index, text, cosine: dot(picture, vectors[index] as Float32Array), line };
        })
        .sort((a, b) => b.cosine - a.cosine || a.index - b.index);
    });
  }

  stop(): void {
    this.work.stop();
  }

  /** Shows where a text stands in its document. */
  async reveal(index: number): Promise<void> {
    const { document } = this;
    const line = Number.isSafeInteger(index) ? document?.lines[index]?.line : undefined;
    if (!document || line === undefined) {
      throw new ScopeError('badRequest', `text ${index}`);
    }
    const opened = await vscode.workspace.openTextDocument(vscode.Uri.parse(document.uri));
    const { range } = opened.lineAt(Math.min(line, opened.lineCount) - 1);
    const viewColumn = vscode.window.visibleTextEditors.find((each) => each.document === opened)?.viewColumn;
    await vscode.window.showTextDocument(opened, {
      selection: range,
      viewColumn: viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: true,
    });
  }

  private forget(): void {
    this.found = [];
    this.notes = { unknown: [], numCut: 0 };
    this.milliseconds = null;
  }
}
