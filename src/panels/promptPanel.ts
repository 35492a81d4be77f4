import * as vscode from 'vscode';
import type { BundledTasks } from '../host/bundledTasks';
import { textOf } from '../host/fileText';
import { promptViewType, suiteEnding } from '../host/ids';
import type { Models } from '../host/models';
import type { ModelServers, ServerMemory } from '../host/modelServers';
import { promptStrings } from '../host/pageStrings';
import type { SelectedText } from '../host/selectedText';
import { onSettingChanged } from '../host/settings';
import type { StudyKeeper } from '../archive/studyArchive';
import { ScopeError } from '../protocol/errors';
import * as page from '../protocol/promptPage';
import type { PromptAction, PromptSnapshot } from '../protocol/promptPage';
import { type CellResult, type Study, isLocal } from '../protocol/prompts';
import type { ModelSource } from '../protocol/model';
import type { PastRuns } from './pastRuns';
import type { Providers } from '../providers/provider';
import type { PromptSession } from '../study/promptSession';
import { type BenchParts, benchSnapshot } from './benchSnapshot';
import { pageOptions } from './html';
import type { PageConnection } from './pageConnection';
import type { BenchServices, PromptBench } from './promptBench';
import { sessionServices } from './sessionServices';

export interface PromptPanelServices extends BenchServices {
  readonly extensionUri: vscode.Uri;
  readonly models: Models;
  readonly tasks: BundledTasks;
  readonly journal: StudyKeeper;
  readonly pastRuns?: PastRuns;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** Keys of model servers, and where texts may be sent. */
  readonly serverMemory: ServerMemory;
  selection(): SelectedText;
  /** A study as the text of a suite. */
  writeSuite(study: Study): Promise<string>;
  /** Opens a study that has become a suite, with its answers. */
  savedAsSuite(uri: vscode.Uri, study: Study, results: readonly CellResult[]): Promise<void>;
  /** Hears what the page asked for. */
  answered(method: string, params: unknown): void;
}

/** What can be picked in the page, and what makes its session: that is loaded with the first panel. */
type Parts = BenchParts & {
  readonly models: readonly ModelSource[];
  readonly servers: ModelServers;
  readonly providers: Providers;
  readonly PromptSession: typeof PromptSession;
  readonly PromptBench: typeof PromptBench;
  readonly PageConnection: typeof PageConnection;
};

const memoryKey = 'prompts.study';

/** The host half of the prompt workbench. */
export class PromptPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: PromptSession | undefined;
  private bench: PromptBench | undefined;
  private shown: BenchParts | undefined;

  constructor(private readonly services: PromptPanelServices) {}

  /** What the page shows; for tests too. */
  snapshot(): PromptSnapshot {
    if (!this.shown) {
      throw new ScopeError('runExpired');
    }
    return benchSnapshot(this.shown, this.session);
  }

  /** Opens the workbench, with a text as a new study where one is given, and asks every way at once. */
  async show(text?: SelectedText): Promise<void> {
    const session = await this.open();
    if (text) {
      await session.begin(text.text, text.name, await this.services.models.forPrompts());
      await this.remember();
      session.run('input');
    }
  }

  /** Opens a bundled task, as a study of its own: answers to it from another time stay kept. */
  async showTask(id: string): Promise<void> {
    const session = await this.open();
    const { study } = await this.services.tasks.find(id);
    const { newStudyId } = await import('../study/promptSession');
    await this.put(session, { ...study, id: newStudyId() }, []);
  }

  async openFile(uri: vscode.Uri): Promise<void> {
    const text = await textOf(uri);
    const name = uri.path.split('/').at(-1) ?? 'study';
    const { readStudy } = await import('../prompts/studyFile');
    const { study, results } = readStudy(text, name.replace(/\W+/g, '-'));
    await this.put(await this.open(), study, results);
  }

  /** Opens a study that the journal keeps, where it was left. */
  async openKept(id: string): Promise<void> {
    const kept = await this.services.journal.read(id);
    if (!kept) {
      throw new ScopeError('badRequest', id);
    }
    await this.put(await this.open(), kept.study, kept.results);
  }

  /** Adds a text to the study, in whatever document it was selected. */
  async addRow(to: 'examples' | 'items', text: SelectedText): Promise<void> {
    const session = await this.open();
    if (!session.study) {
      await session.begin(text.text, text.name, await this.services.models.forPrompts());
      await this.remember();
    }
    const rows = text.text.includes('\t') ? await session.paste(to, text.text) : undefined;
    if (!rows) {
      await session.addRow(to, to === 'examples' ? { input: text.text, output: '' } : { input: text.text });
    }
  }

  /** Takes over a panel that VS Code kept over a restart, with every answer that was finished. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    const session = this.attach(panel, await this.parts());
    const id = this.services.memory.get<string>(memoryKey);
    const kept = id === undefined ? undefined : await this.services.journal.read(id);
    if (kept) {
      await session.open(kept.study, kept.results);
    }
  }

  /** For tests: what a page's buttons do. */
  get current(): PromptSession | undefined {
    return this.session;
  }

  /** The report as it would be written. */
  async report(format: 'md' | 'html', language: 'en' | 'zh'): Promise<string> {
    if (!this.bench) {
      throw new ScopeError('badRequest', 'no study');
    }
    return this.bench.report(format, language);
  }

  /** Asks where the report goes, writes it and opens it. @returns whether it was written */
  async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<boolean> {
    return this.bench?.exportReport(format, language) ?? false;
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private async open(): Promise<PromptSession> {
    const parts = await this.parts();
    if (this.panel && this.session) {
      this.panel.reveal(undefined, true);
      return this.session;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { ...pageOptions(this.services.extensionUri), enableFindWidget: true };
    const title = vscode.l10n.t('Prompt Strategies');
    return this.attach(vscode.window.createWebviewPanel(promptViewType, title, column, options), parts);
  }

  /** What a panel is made of; all of it is there before there is one, so that no second one can come between. */
  private async parts(): Promise<Parts> {
    const { models, tasks, client, serverMemory, log } = this.services;
    const [{ ModelServers }, { AllProviders }] = await Promise.all([
      import('../host/modelServers'),
      import('../providers/allProviders'),
    ]);
    const servers = new ModelServers(serverMemory, log);
    return {
      servers,
      providers: new AllProviders(client, servers.elsewhere()),
      models: await models.promptModels(),
      tasks: await tasks.list(),
      strings: await promptStrings(),
      suite: null,
      PromptSession: (await import('../study/promptSession')).PromptSession,
      PromptBench: (await import('./promptBench')).PromptBench,
      ...(await import('./pageConnection')),
    };
  }

  private async put(session: PromptSession, study: Study, results: readonly CellResult[]): Promise<void> {
    const fallback = await this.services.models.forPrompts();
    const models = study.models.length > 0 ? study.models : [fallback];
    const found = await Promise.all(
      models.map((model) => (isLocal(model) ? this.services.models.resolve(model) : model)),
    );
    await session.open({ ...study, models: found }, results);
    await this.remember();
  }

  private async remember(): Promise<void> {
    await this.services.memory.update(memoryKey, this.session?.study?.id);
  }

  private attach(
    panel: vscode.WebviewPanel,
    { PromptSession, PromptBench, PageConnection, models, servers, providers, ...parts }: Parts,
  ): PromptSession {
    const { client, journal, log, extensionUri } = this.services;
    this.panel?.dispose();
    this.shown = parts;
    const connection = new PageConnection(panel, extensionUri, log, this.services.answered);
    const { wire } = connection;
    const send = (): void => {
      void wire.sendNotification(page.PromptSnapshotChanged, this.snapshot());
    };
    const session = new PromptSession({
      ...sessionServices(client, this.services.models, providers, journal, this.services.pastRuns),
      changed: send,
      cellsChanged: (update) => void wire.sendNotification(page.CellsChanged, update),
      streamed: (cell, text) => void wire.sendNotification(page.CellStreamed, { cell, text }),
    });
    this.bench = new PromptBench(session, this.services, {
      undo: (redo) => session.undo(redo),
      openTask: (id) => this.showTask(id),
      perform: (action) => this.perform(action),
      servers,
      local: models,
      past: this.services.pastRuns,
    });
    const trust = vscode.workspace.onDidGrantWorkspaceTrust(send);
    connection.on(page.PromptReady, () => this.snapshot());
    this.bench.answerPage(connection);
    this.panel = panel;
    this.session = session;
    const settings = onSettingChanged(() => void session.refresh(), 'endpoints');
    connection.start('prompts', () => {
      settings.dispose();
      session.dispose();
      trust.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.session = undefined;
        this.bench = undefined;
      }
    });
    return session;
  }

  private async perform(action: PromptAction): Promise<void> {
    switch (action) {
      case 'newStudy':
        return this.show(this.services.selection());
      case 'saveStudy':
        return this.saveAsSuite();
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }

  /** Writes the study as a suite and opens that; its answers go along. */
  private async saveAsSuite(): Promise<void> {
    const study = this.session?.study;
    if (!this.session || !study) {
      throw new ScopeError('badRequest', 'no study');
    }
    const text = await this.services.writeSuite(study);
    const { fileNameOf, saveAs } = await import('../host/savedFile');
    const uri = await saveAs(`${fileNameOf(study.title)}${suiteEnding}`, text);
    if (uri) {
      await this.services.savedAsSuite(uri, study, this.session.everything());
    }
  }
}
