import * as vscode from 'vscode';
import type { BundledTasks } from '../host/bundledTasks';
import { errorText } from '../host/errorText';
import { commandIds, promptViewType, settingKeys, settingsSection } from '../host/ids';
import { modelHash } from '../study/modelHash';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import type { ModelServers, ServerMemory } from '../host/modelServers';
import { promptStrings } from '../host/pageStrings';
import type { SelectedText } from '../host/selectedText';
import type { StudyKeeper } from '../archive/studyArchive';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import * as page from '../protocol/promptPage';
import type { BundledTask, PromptAction, PromptSnapshot } from '../protocol/promptPage';
import { type AskedModel, type CellAddress, type Study, isLocal, requireLocal } from '../protocol/prompts';
import type { InferenceClient } from '../worker/client';
import { pageOptions } from './html';
import { PageConnection } from './pageConnection';
import type { PastRuns } from './pastRuns';
import { answerHistory } from './promptHistory';
import type { Providers } from '../providers/provider';
import type { PromptSession } from '../study/promptSession';
import { saveAs } from './savedFile';

export interface PromptPanelServices {
  readonly extensionUri: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly chooser: Pick<ModelChooser, 'pickFolder'>;
  readonly tasks: BundledTasks;
  readonly journal: StudyKeeper;
  readonly pastRuns?: PastRuns;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** Keys of model servers, and where texts may be sent. */
  readonly serverMemory: ServerMemory;
  /** The editor to insert into, and to take a selection from. */
  editor(): vscode.TextEditor;
  selection(): SelectedText;
  /** Hears what the page asked for. */
  answered(method: string, params: unknown): void;
  showAttention(text: string, model: ModelSource): Promise<void>;
}

/** What can be picked in the page, and what makes its session: that is loaded with the first panel. */
type Parts = Pick<PromptSnapshot, 'tasks' | 'strings'> & {
  readonly models: readonly ModelSource[];
  readonly PromptSession: typeof PromptSession;
  readonly servers: ModelServers;
  readonly providers: Providers;
};

const memoryKey = 'prompts.study';
const idle = { state: 'idle', done: 0, total: 0, secondsLeft: null, cell: null, running: [] } as const;

/** Which of a model's graphs the inference process loads. */
function precision(): 'int8' | 'fp32' {
  return vscode.workspace
    .getConfiguration(settingsSection)
    .get<'int8' | 'fp32'>(settingKeys.precision, 'int8');
}

/** The host half of the prompt workbench. */
export class PromptPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: PromptSession | undefined;
  private models: readonly ModelSource[] = [];
  private tasks: readonly BundledTask[] = [];
  private strings: PromptSnapshot['strings'] | undefined;
  private servers: ModelServers | undefined;

  constructor(private readonly services: PromptPanelServices) {}

  /** What the page shows; for tests too. */
  snapshot(): PromptSnapshot {
    const { session, strings } = this;
    if (!strings) {
      throw new ScopeError('runExpired');
    }
    const summary = session?.summary() ?? null;
    return {
      locale: vscode.env.language,
      strings,
      study: session?.study ?? null,
      inputCells: session?.inputCells ?? [],
      results: session?.results() ?? [],
      numOutdated: session?.numOutdated ?? 0,
      summary,
      findings: session?.findings(summary) ?? [],
      advice: session?.advice(summary) ?? [],
      isTrusted: vscode.workspace.isTrusted,
      progress: session?.progress ?? idle,
      places: session?.places() ?? [],
      tasks: this.tasks,
      canUndo: session?.canUndo ?? false,
      canRedo: session?.canRedo ?? false,
    };
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
    const bytes = await vscode.workspace.fs.readFile(uri);
    const name = uri.path.split('/').at(-1) ?? 'study';
    const { readStudy } = await import('../prompts/studyFile');
    const { study, results } = readStudy(new TextDecoder().decode(bytes), name.replace(/\W+/g, '-'));
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
    const session = this.session;
    const study = session?.study;
    const summary = session?.summary();
    if (!session || !study || !summary) {
      throw new ScopeError('badRequest', 'no study');
    }
    const hashes = await Promise.all(
      study.models
        .filter(isLocal)
        .map(async ({ id, folder }) => [id, (await modelHash(folder, precision())) ?? '–'] as const),
    );
    const first = study.models[0]?.id;
    const prompts = session.inputCells.flatMap(({ strategy, model, prompt }) =>
      model === first && prompt ? [[strategy, prompt] as const] : [],
    );
    const { writeReport } = await import('../prompts/report');
    return writeReport(
      {
        study,
        summary,
        prompts: new Map(prompts),
        promptsFor: study.input,
        hashes: new Map(hashes),
        places: session.places(),
        date: new Date().toISOString(),
      },
      format,
      language,
    );
  }

  /** Asks where the report goes, writes it and opens it. @returns whether it was written */
  async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<boolean> {
    return saveReport(await this.report(format, language), format);
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
      ...(await import('../study/promptSession')),
    };
  }

  private async put(
    session: PromptSession,
    study: Study,
    results: readonly Parameters<PromptSession['open']>[1][number][],
  ): Promise<void> {
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
    { models, tasks, strings, servers, providers, PromptSession }: Parts,
  ): PromptSession {
    const { client, journal, log, extensionUri } = this.services;
    this.panel?.dispose();
    this.models = models;
    this.tasks = tasks;
    this.strings = strings;
    const connection = new PageConnection(panel, extensionUri, log, this.services.answered);
    const { wire } = connection;
    const send = (): void => {
      void wire.sendNotification(page.PromptSnapshotChanged, this.snapshot());
    };
    const session = new PromptSession({
      client,
      providers,
      encoder: this.services.models.bundledSource('scope-bert'),
      journal,
      language: vscode.env.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
      ...(this.services.pastRuns && { circumstances: this.services.pastRuns.circumstances }),
      describe: (error) => {
        const { message, detail } = errorText(error);
        return detail === undefined ? message : `${message} (${detail})`;
      },
      mayRunExpressions: () => vscode.workspace.isTrusted,
      precision,
      changed: send,
      cellsChanged: (update) => void wire.sendNotification(page.CellsChanged, update),
      streamed: (cell, text) => void wire.sendNotification(page.CellStreamed, { cell, text }),
    });
    this.servers = servers;
    this.answerPage(connection, session);
    const trust = vscode.workspace.onDidGrantWorkspaceTrust(send);
    answerHistory(connection, session, this.services.pastRuns);
    this.panel = panel;
    this.session = session;
    const settings = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${settingsSection}.${settingKeys.endpoints}`)) {
        void session.refresh();
      }
    });
    connection.start('prompts', () => {
      settings.dispose();
      session.dispose();
      trust.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.session = undefined;
      }
    });
    return session;
  }

  private answerPage(connection: PageConnection, session: PromptSession): void {
    connection.on(page.PromptReady, () => this.snapshot());
    connection.onDo(page.EditStudy, ({ study }) => session.edit(study));
    connection.onDo(page.SetTaskKind, ({ kind, language }) => session.setKind(kind, language));
    connection.onDo(page.UndoEdit, ({ redo }) => session.undo(redo));
    connection.onDo(page.RunCells, ({ what }) => session.run(what));
    connection.onDo(page.PauseRun, ({ pause }) => session.pause(pause));
    connection.onDo(page.StopRun, () => session.stop());
    connection.onDo(page.JudgeCell, ({ cell, pass }) => session.judge(cell, pass));
    connection.on(page.RenderCell, async ({ cell }) => (await session.prompt(cell)).prompt);
    connection.on(page.InspectCell, async ({ cell }) => {
      const ready = await session.prompt(cell);
      const { inspectCell } = await import('../study/promptInspection');
      const { samplingOf } = await import('../prompts/repeats');
      const sampling = samplingOf(session.study as Study, cell);
      return inspectCell(this.services.client, ready, sampling, (error) => errorText(error).message);
    });
    connection.onDo(page.ShowCellAttention, async ({ cell }) => {
      const { prompt, model } = await session.prompt(cell);
      const output = session.result(cell)?.output ?? '';
      return this.services.showAttention(prompt.text + output, requireLocal(model));
    });
    connection.onDo(page.UseCell, (params) => this.use(session, params));
    connection.on(page.PasteRows, ({ to, text }) => session.paste(to, text));
    connection.onDo(page.OpenBundledTask, ({ id }) => this.showTask(id));
    connection.on(page.ExportStudy, async ({ format, language }) => ({
      saved: await this.exportReport(format, language),
    }));
    connection.onDo(page.PerformPrompt, ({ action }) => this.perform(action, session));
  }

  private async use(
    session: PromptSession,
    request: {
      cell: CellAddress;
      what: 'prompt' | 'answer';
      how: 'insert' | 'copy';
      format: page.CopyFormat;
    },
  ): Promise<void> {
    const text = await this.textOf(session, request);
    if (request.how === 'copy') {
      await vscode.env.clipboard.writeText(text);
      return;
    }
    const editor = this.services.editor();
    const { version } = editor.document;
    const written = await editor.edit((builder) => {
      builder.insert(editor.selection.active, text);
    });
    // An editor that is read-only says that it has written, and has not.
    if (!written || (text !== '' && editor.document.version === version)) {
      throw new ScopeError('readOnlyText');
    }
  }

  private async textOf(
    session: PromptSession,
    { cell, what, format }: { cell: CellAddress; what: 'prompt' | 'answer'; format: page.CopyFormat },
  ): Promise<string> {
    const study = session.study as Study;
    if (what === 'answer') {
      const result = session.result(cell);
      return (result?.answer ?? result?.output ?? '').trim();
    }
    const { prompt, messages, model } = await session.prompt(cell);
    const input = cell.item < 0 ? study.input : (study.task.items[cell.item]?.input ?? '');
    const { copyPrompt } = await import('../prompts/copyFormats');
    const { samplingOf } = await import('../prompts/repeats');
    const sampling = samplingOf(study, cell);
    const copied = { prompt, messages, model: model.id, sampling, task: study.task, input };
    return copyPrompt(copied, format);
  }

  private async perform(action: PromptAction, session: PromptSession): Promise<void> {
    switch (action) {
      case 'openLog':
      case 'openSample':
        await vscode.commands.executeCommand(commandIds[action]);
        return;
      case 'newStudy':
        return this.show(this.services.selection());
      case 'addModel':
        return this.addModel(session);
      case 'chooseJudge':
        return this.chooseJudge(session);
      case 'openStudy':
        await vscode.commands.executeCommand(commandIds.openPromptStudy);
        return;
      case 'saveStudy': {
        const study = session.study as Study;
        const { writeStudy } = await import('../prompts/studyFile');
        const text = writeStudy({ study, results: session.everything() });
        const name = `${(study.title || 'study').replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 60)}.prompt.yaml`;
        const uri = await saveAs(name, new TextEncoder().encode(text));
        if (uri) {
          await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.One });
        }
        return;
      }
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }

  private async addModel(session: PromptSession): Promise<void> {
    const before = session.study;
    const model = before && (await this.pickModel(before.models));
    const { study } = session;
    if (model && study?.id === before.id) {
      await session.edit({ ...study, models: [...study.models, model] });
    }
  }

  private async chooseJudge(session: PromptSession): Promise<void> {
    const before = session.study;
    const judge = before?.task.scorer.judge;
    const model = judge && (await this.pickModel([judge.model], vscode.l10n.t('Model that judges')));
    const { study } = session;
    if (model && study?.id === before?.id && study) {
      const scorer = { ...study.task.scorer, judge: { ...judge, model } };
      await session.edit({ ...study, task: { ...study.task, scorer } });
    }
  }

  private async pickModel(taken: readonly AskedModel[], title?: string): Promise<AskedModel | undefined> {
    const { servers } = this;
    if (!servers) {
      return undefined;
    }
    const { addStudyModel } = await import('../host/addStudyModel');
    const services = {
      servers,
      log: this.services.log,
      local: this.models,
      pickFolder: () => this.services.chooser.pickFolder(),
    };
    return addStudyModel(services, taken, title);
  }
}

async function saveReport(text: string, format: 'md' | 'html'): Promise<boolean> {
  const uri = await saveAs(`prompt-study.${format}`, new TextEncoder().encode(text));
  if (!uri) {
    return false;
  }
  await (format === 'md'
    ? vscode.commands.executeCommand('markdown.showPreview', uri)
    : vscode.env.openExternal(uri));
  return true;
}
