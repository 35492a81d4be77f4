import * as vscode from 'vscode';
import { suiteEnding, suiteViewType } from '../host/ids';
import { notifyFailure } from '../host/notify';
import type { SuiteLanguage } from '../host/suiteLanguage';
import { SuiteSchema, isSuite, suiteGlob } from '../host/suiteFiles';
import type { Models } from '../host/models';
import type { ServerMemory } from '../host/modelServers';
import { ScopeError } from '../protocol/errors';
import type { CellResult, Study } from '../protocol/prompts';
import type { OpenSuite, SuiteEditor, SuiteEditorServices } from './suiteEditor';
import type { SuiteSessions } from './suiteSessions';
import type { SuiteTests } from './suiteTests';

export interface SuitesServices extends Omit<SuiteEditorServices, 'sessions' | 'servers'> {
  /** Keys of model servers, and where texts may be sent. */
  readonly serverMemory: ServerMemory;
  readonly models: Models;
}

interface Parts {
  readonly sessions: SuiteSessions;
  readonly editor: SuiteEditor;
}

/** Suites of prompts, which are files: what is registered for them at once, and loaded with the first of them. */
export class Suites implements vscode.Disposable {
  readonly schema: SuiteSchema;
  private readonly subscriptions: vscode.Disposable[];
  private readonly watcher = vscode.workspace.createFileSystemWatcher(suiteGlob, false, true, true);
  private shownTests: Promise<SuiteTests> | undefined;
  private loaded: Promise<Parts> | undefined;
  private language: Promise<SuiteLanguage> | undefined;

  constructor(private readonly services: SuitesServices) {
    this.schema = new SuiteSchema(services.extensionUri);
    this.subscriptions = [
      vscode.window.registerCustomEditorProvider(
        suiteViewType,
        {
          resolveCustomTextEditor: async (document, panel) => {
            const { editor } = await this.parts();
            await editor.resolve(document, panel);
          },
        },
        { webviewOptions: { enableFindWidget: true } },
      ),
      vscode.workspace.onDidOpenTextDocument((document) => this.seen(document)),
      this.watcher,
      this.watcher.onDidCreate(() => void this.tests()),
    ];
    void this.lookForSuites();
    vscode.workspace.textDocuments.forEach((document) => this.seen(document));
  }

  /** The grid of a suite, where it is open; for tests. */
  async shown(uri: vscode.Uri): Promise<OpenSuite | undefined> {
    return (await this.parts()).editor.of(uri);
  }

  /** Shows a suite as the grid. @param argument its address, else the active editor's */
  async openGrid(argument?: unknown): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', requireSuite(argument), suiteViewType);
  }

  /** Shows a suite as text. */
  async openText(argument?: unknown): Promise<void> {
    const { openAsText } = await import('./suiteEditor');
    await openAsText(requireSuite(argument));
  }

  /** Asks where a new suite goes and opens it as the grid. */
  async create(): Promise<void> {
    const { emptySuite } = await import('./suiteText');
    const { saveAs } = await import('../host/savedFile');
    const uri = await saveAs(`new${suiteEnding}`, emptySuite('New suite'));
    if (uri) {
      await this.openGrid(uri);
    }
  }

  /** Makes suites of a promptfoo configuration and opens the first. @returns where they are */
  async importPromptfoo(argument?: unknown): Promise<vscode.Uri[]> {
    const { importConfig } = await import('./suiteExchange');
    const written = await importConfig(argument, this.services.models);
    const [first] = written;
    if (first) {
      await this.openGrid(first);
    }
    return written;
  }

  /** Writes a suite for promptfoo. */
  async exportPromptfoo(argument?: unknown): Promise<void> {
    const { exportSuite } = await import('./suiteExchange');
    await exportSuite(await vscode.workspace.openTextDocument(requireSuite(argument)));
  }

  /** Opens a study that has become a suite; its answers go along. */
  async adopt(uri: vscode.Uri, study: Study, results: readonly CellResult[]): Promise<void> {
    const { suiteId } = await import('./suiteSession');
    await this.services.archive.begin({ ...study, id: suiteId(uri) }, results);
    await this.openGrid(uri);
  }

  /** The suites of the workspace in the Testing view. */
  tests(): Promise<SuiteTests> {
    this.shownTests ??= this.parts().then(async ({ sessions }) => {
      const { SuiteTests: Tests } = await import('./suiteTests');
      return new Tests(sessions, this.services.log);
    });
    return this.shownTests;
  }

  dispose(): void {
    void this.shownTests?.then((tests) => tests.dispose());
    vscode.Disposable.from(...this.subscriptions).dispose();
    void this.language?.then((language) => language.dispose());
  }

  private parts(): Promise<Parts> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  private async load(): Promise<Parts> {
    const { SuiteSessions: Sessions } = await import('./suiteSessions');
    const { SuiteEditor: Editor } = await import('./suiteEditor');
    const { ModelServers } = await import('../host/modelServers');
    const { AllProviders } = await import('../providers/allProviders');
    const { client, models, serverMemory, archive, log } = this.services;
    const servers = new ModelServers(serverMemory, log);
    const sessions = new Sessions({
      client,
      models,
      providers: new AllProviders(client, servers.elsewhere()),
      archive,
      schema: () => this.schema.read(),
    });
    return { sessions, editor: new Editor({ ...this.services, sessions, servers }) };
  }

  /** The Testing view gets a place for suites once there is one. */
  private async lookForSuites(): Promise<void> {
    const [found] = await vscode.workspace.findFiles(suiteGlob, '**/node_modules/**', 1);
    if (found) {
      await this.tests();
    }
  }

  /** What helps to write a suite is loaded with the first one. */
  private seen(document: vscode.TextDocument): void {
    if (isSuite(document.uri)) {
      this.language ??= import('../host/suiteLanguage').then(
        (part) => new part.SuiteLanguage(this.schema, this.services.models),
      );
      this.language.catch((error: unknown) => notifyFailure(error, this.services.log));
    }
  }
}

/** @throws {ScopeError} `noEditor` */
function requireSuite(argument: unknown): vscode.Uri {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const active =
    input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  // A node of the Testing view carries its file.
  const given = argument instanceof vscode.Uri ? argument : (argument as { uri?: unknown } | undefined)?.uri;
  const uri = given instanceof vscode.Uri ? given : active;
  if (!uri || !isSuite(uri)) {
    throw new ScopeError('noEditor');
  }
  return uri;
}
