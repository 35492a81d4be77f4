import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { suitePrefix } from '../archive/keptStudy';
import type { StudyArchive } from '../archive/studyArchive';
import type { Models } from '../host/models';
import { readStudy } from '../prompts/studyFile';
import { ScopeError } from '../protocol/errors';
import type { CellsUpdate } from '../protocol/promptPage';
import type { CellAddress, Study } from '../protocol/prompts';
import type { Providers } from '../providers/provider';
import { PromptSession } from '../study/promptSession';
import { type SuiteModels, foundModels, namedModel } from '../study/suiteModels';
import { checkSuite } from '../suites/checkSuite';
import type { SuiteProblem } from '../suites/problems';
import { problemText } from '../suites/problems';
import type { Schema } from '../suites/schemaWalk';
import { editSuite } from '../suites/suiteEdit';
import type { InferenceClient } from '../worker/client';
import { sessionServices } from './sessionServices';
import { pastRuns } from './pastRuns';

export interface SuiteServices {
  readonly client: InferenceClient;
  readonly models: Models;
  readonly providers: Providers;
  /** Keeps the answers: they are no part of the file. */
  readonly archive: StudyArchive;
  schema(): Promise<Schema>;
}

/** Who shows or runs a suite. */
export interface SuiteAudience {
  changed(): void;
  cellsChanged(update: CellsUpdate): void;
  streamed(cell: CellAddress, text: string): void;
}

/** Somebody who writes in the text is not followed letter by letter. */
const typingMilliseconds = 200;

/** A suite's document and the session on it: what is edited in either shows in the other. */
export class SuiteSession {
  readonly session: PromptSession;
  /** Why the text is no suite at the moment. */
  problems: readonly { readonly message: string; readonly line: number }[] = [];
  private readonly audience = new Set<SuiteAudience>();
  private base: Study | undefined;
  private read: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly subscription: vscode.Disposable;

  private constructor(
    readonly document: vscode.TextDocument,
    private readonly services: SuiteServices,
    private readonly schema: Schema,
    readonly models: SuiteModels,
    private readonly fallback: Study['models'],
  ) {
    const { client, models: own, providers, archive } = services;
    this.session = new PromptSession({
      ...sessionServices(client, own, providers, archive, pastRuns(archive)),
      edited: (study) => this.write(study),
      changed: () => this.tell((each) => each.changed()),
      cellsChanged: (update) => this.tell((each) => each.cellsChanged(update)),
      streamed: (cell, text) => this.tell((each) => each.streamed(cell, text)),
    });
    this.subscription = vscode.workspace.onDidChangeTextDocument(({ document: changed }) => {
      if (changed === document) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.update(), typingMilliseconds);
      }
    });
  }

  static async open(document: vscode.TextDocument, services: SuiteServices): Promise<SuiteSession> {
    const known = await services.models.promptModels();
    const folder = vscode.Uri.joinPath(document.uri, '..').fsPath;
    const fallback = await services.models.forPrompts();
    const schema = await services.schema();
    const suite = new SuiteSession(document, services, schema, { known, folder }, [fallback]);
    await suite.update();
    return suite;
  }

  get name(): string {
    return this.document.uri.path.split('/').at(-1) ?? '';
  }

  get isEmpty(): boolean {
    return this.document.getText().trim() === '';
  }

  listen(to: SuiteAudience): vscode.Disposable {
    this.audience.add(to);
    return { dispose: () => void this.audience.delete(to) };
  }

  /** Reads the text again, if it has changed. */
  async update(): Promise<void> {
    clearTimeout(this.timer);
    const text = this.document.getText();
    if (text === this.read) {
      return;
    }
    this.read = text;
    const id = suiteId(this.document.uri);
    try {
      const { study, results } = readStudy(text, id);
      const models = study.models.length > 0 ? study.models : this.fallback;
      const found = foundModels({ ...study, id, models }, this.models);
      this.problems = [];
      this.base = found;
      if (this.session.study) {
        await this.session.replace(found);
      } else {
        const kept = await this.services.archive.read(id);
        await this.session.open(found, [...results, ...(kept?.results ?? [])]);
      }
    } catch {
      this.base = undefined;
      this.problems = this.isEmpty ? [] : this.found(text);
      this.tell((each) => each.changed());
    }
  }

  /** Replaces the whole text; a step of its own in the document's undo. */
  async begin(text: string): Promise<void> {
    const all = new vscode.Range(0, 0, this.document.lineCount, 0);
    await this.apply([new vscode.TextEdit(all, text)]);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.session.dispose();
  }

  /** An edit of the page as an edit of the text. @throws {ScopeError} `readOnlyText`, `textChanged` */
  private async write(study: Study): Promise<void> {
    const { document, base } = this;
    const text = document.getText();
    if (!base || text !== this.read) {
      throw new ScopeError('textChanged');
    }
    const splices = editSuite(text, base, study, (model) => namedModel(model, this.models));
    const edits = splices.map(
      ({ start, end, text: piece }) =>
        new vscode.TextEdit(new vscode.Range(document.positionAt(start), document.positionAt(end)), piece),
    );
    if (edits.length > 0) {
      await this.apply(edits);
    }
  }

  private async apply(edits: vscode.TextEdit[]): Promise<void> {
    const { document } = this;
    const { version } = document;
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    const done = await vscode.workspace.applyEdit(edit);
    // A document that is read-only may say that it was edited, and was not.
    if (!done || document.version === version) {
      this.tell((each) => each.changed());
      throw new ScopeError('readOnlyText');
    }
    await this.update();
  }

  private found(text: string): typeof this.problems {
    const context = { schema: this.schema, models: [] };
    return checkSuite(text, context)
      .filter(({ severity }) => severity === 'error')
      .slice(0, 20)
      .map((problem: SuiteProblem) => ({
        message: problemText(problem, (english, ...args) => vscode.l10n.t(english, ...args)),
        line: this.document.positionAt(problem.start).line + 1,
      }));
  }

  private tell(each: (audience: SuiteAudience) => void): void {
    this.audience.forEach(each);
  }
}

/** Under which the answers to a suite are kept: by the file's place, since a copied file has the same id. */
export function suiteId(uri: vscode.Uri): string {
  return `${suitePrefix}${createHash('sha256').update(uri.toString()).digest('hex').slice(0, 24)}`;
}
