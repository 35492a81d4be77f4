import 'vscode-jsonrpc/node';
import * as vscode from 'vscode';
import { AttentionGlow, type Glow } from './host/attentionGlow';
import type { StudyArchive } from './archive/studyArchive';
import { BundledTasks } from './host/bundledTasks';
import { CodeTexts } from './host/codeTexts';
import { registerCommands } from './host/commands';
import { DeedBus } from './host/deedBus';
import { Continuation } from './host/continuation';
import { DocumentOverlay, type Overlay } from './host/documentOverlay';
import { documentLines } from './host/documentLines';
import { EditorTracker } from './host/editorTracker';
import { HubAccess } from './host/hubAccess';
import { commandIds, inspectViewId, settingKeys, settingsSection } from './host/ids';
import { InferenceActivity } from './host/inferenceActivity';
import { ModelChooser } from './host/modelChooser';
import { ModelDownloads } from './host/modelDownloads';
import { Models } from './host/models';
import { KeptArchive } from './host/keptArchive';
import { selectedText, typedText } from './host/selectedText';
import { Surprisal } from './host/surprisal';
import { TaskModels } from './host/taskModels';
import { TokenCount, tokenCountOwner } from './host/tokenCount';
import { AttentionPanel } from './panels/attentionPanel';
import { commandTable } from './panels/commandTable';
import { type Course, startCourse } from './panels/startCourse';
import { ComparePanel } from './panels/comparePanel';
import { History } from './panels/history';
import { HistoryStore } from './panels/historyStore';
import { InspectView } from './panels/inspectView';
import { registerTools } from './panels/languageModelTools';
import { mostCaptions } from './panels/captionsTab';
import { ImagePanel } from './panels/imagePanel';
import { pastRuns } from './panels/pastRuns';
import { PromptPanel } from './panels/promptPanel';
import { restorePanels } from './panels/restorePanels';
import { Sidebar } from './panels/sidebar';
import { Suites } from './panels/suites';
import { TrainPanel } from './panels/trainPanel';
import type { AttentionState, ExportRequest } from './protocol/attentionPage';
import type { HeadRequest } from './protocol/attention';
import type { ModelSource } from './protocol/model';
import type { ExplainRequest, ExplainedWeight } from './protocol/oneNumber';
import { InferenceClient } from './worker/client';
import { forkScript } from './worker/forkScript';
import { type ForkOptions, forkWorker } from './worker/forkWorker';

/** What other extensions, and our tests, may read. */
export interface ExtensionApi {
  attentionState(): AttentionState;
  /** Row-major float32 weights of one head of the run on show. */
  attentionHead(request: HeadRequest): Promise<ArrayBuffer>;
  attentionExplain(request: ExplainRequest): Promise<ExplainedWeight>;
  /** The file that the panel's export would write. */
  exportedAttention(request: ExportRequest): Promise<Uint8Array>;
  /** The attention panel. */
  readonly attention: AttentionPanel;
  /** What is lit up in the editor. */
  glow(): Glow | undefined;
  /** What else is drawn over a document. */
  overlay(): Overlay | undefined;
  /** What the status bar says of tokens. */
  tokenCount(): TokenCount['current'];
  /** Ghost text on show, the newest continuation first. */
  continuations(): readonly string[] | undefined;
  /** The head that the page on the screen last asked for. */
  headOnScreen(): HeadRequest | undefined;
  inferenceProcessId(): number | undefined;
  /** The comparison of two models. */
  readonly comparison: ComparePanel;
  /** The prompt workbench. */
  readonly prompts: PromptPanel;
  /** The live view of the selection. */
  readonly inspect: InspectView;
  /** The course in the side bar. */
  readonly course: Course;
  /** Pictures and words. */
  readonly images: ImagePanel;
  /** A tiny model that learns. */
  readonly training: TrainPanel;
  /** Models from anywhere. */
  readonly chooser: ModelChooser;
  readonly downloads: ModelDownloads;
  /** What lists models and what was looked at, and the item in the status bar. */
  readonly sidebar: Sidebar;
  readonly history: History;
  /** Suites of prompts. */
  readonly suites: Suites;
  /** Every study with its runs. */
  readonly studies: StudyArchive;
}

let keptArchive: KeptArchive | undefined;

/** VS Code waits for what is still to be written. */
export function deactivate(): Promise<void> | undefined {
  return keptArchive?.close();
}

/** Builds the objects and hands them to each other. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const log = vscode.window.createOutputChannel('Transformer Scope', { log: true });
  const deeds = new DeedBus();
  const editors = new EditorTracker();
  const access = new HubAccess(context.secrets, context.globalStorageUri);
  const models = new Models(context.extensionUri, access);
  const taskModels = new TaskModels(models);
  const downloads = new ModelDownloads(access);
  const chooser: ModelChooser = new ModelChooser(context.extensionUri, models, access, downloads, log, () =>
    panel.retryWithChosenModel(),
  );
  const activity = new InferenceActivity(context.globalState);
  const client = new InferenceClient(
    () =>
      forkWorker({
        script: vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.js').fsPath,
        numThreads: settings().get<number>(settingKeys.threads, 0),
        runtime: settings().get<ForkOptions['runtime']>(settingKeys.runtime, 'auto'),
        precision: settings().get<ForkOptions['precision']>(settingKeys.precision, 'int8'),
        modelMegabytes: settings().get<number>(settingKeys.modelMemory, 1000),
        onOutput: (text) => log.info(`[inference] ${text}`),
      }),
    {
      phase: (owner, phase) => {
        panel.setPhase(owner, phase);
        // A process that was started for something else can count now.
        if (owner !== tokenCountOwner) {
          tokenCount.soon();
        }
      },
      log: (message) => log.warn(message),
      answered: (method, params) => deeds.tell({ kind: 'request', method, params }),
      ...activity.events,
    },
    { idleMilliseconds: () => settings().get<number>(settingKeys.idleMinutes, 10) * 60_000 },
  );
  const history = new History(
    new HistoryStore(vscode.Uri.joinPath(context.globalStorageUri, 'history').fsPath, (message) =>
      log.error(message),
    ),
    () => settings().get<boolean>(settingKeys.history, true),
  );
  const code = new CodeTexts(context.extensionUri);
  const panel = new AttentionPanel({
    extensionUri: context.extensionUri,
    client,
    models,
    chooser,
    log,
    memory: context.workspaceState,
    history,
    code,
    weightsChanged: () => void glow.refresh(),
  });
  const kept = new KeptArchive(vscode.Uri.joinPath(context.globalStorageUri, 'studies'), log);
  keptArchive = kept;
  const journal = kept.archive;
  const tasks = new BundledTasks(context.extensionUri);
  const tellOfPage = (method: string, params: unknown): void => deeds.tell({ kind: 'page', method, params });
  const comparison = new ComparePanel({
    extensionUri: context.extensionUri,
    client,
    models,
    taskModels,
    chooser,
    tasks,
    log,
    memory: context.workspaceState,
    history,
    selection: () => selectedText(editors.inUse()),
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
    answered: tellOfPage,
  });
  const asked = {
    serverMemory: context,
    editor: () => editors.inUse(),
    showAttention: (text: string, model: ModelSource) => panel.show(() => typedText(text), model),
    answered: tellOfPage,
  };
  const suites = new Suites({
    ...asked,
    extensionUri: context.extensionUri,
    archive: journal,
    client,
    models,
    chooser,
    tasks,
    log,
  });
  const prompts = new PromptPanel({
    ...asked,
    writeSuite: async (study) => (await import('./panels/suiteText')).writeSuite(study, models),
    savedAsSuite: (uri, study, results) => suites.adopt(uri, study, results),
    extensionUri: context.extensionUri,
    client,
    models,
    chooser,
    tasks,
    journal,
    pastRuns: pastRuns(journal),
    log,
    memory: context.workspaceState,
    selection: () => selectedText(editors.inUse()),
  });
  const images = new ImagePanel({
    extensionUri: context.extensionUri,
    storage: vscode.Uri.joinPath(context.globalStorageUri, 'pictures'),
    client,
    models,
    log,
    memory: context.workspaceState,
    documentLines: () => {
      const editor = editors.current();
      return editor && documentLines(editor, mostCaptions);
    },
    showAttention: (picture) => panel.showPicture(picture),
  });
  const training = new TrainPanel({
    extensionUri: context.extensionUri,
    log,
    memory: context.workspaceState,
    start: () =>
      forkScript(vscode.Uri.joinPath(context.extensionUri, 'dist', 'trainer.js').fsPath, {}, (text) =>
        log.info(`[training] ${text}`),
      ),
  });
  const glow = new AttentionGlow({
    place: () => panel.place,
    weights: (runId) => panel.weights(runId),
  });

  const overlay = new DocumentOverlay(commandIds.clearMarks);
  const sidebar = new Sidebar({
    client,
    activity,
    models,
    taskModels,
    access,
    downloads,
    journal,
    studiesChanged: kept.onDidChange,
    history,
    panels: { attention: panel, comparison, prompts },
  });
  const tokenCount = new TokenCount(client, models);
  const continuation = new Continuation(client, taskModels, context.extension.id);
  const surprisal = new Surprisal({
    client,
    taskModels,
    overlay,
    pickModel: (title) => chooser.pick('text', title),
  });
  const parts = {
    sidebar,
    panel,
    comparison,
    prompts,
    suites,
    images,
    training,
    glow,
    overlay,
    continuation,
    surprisal,
    models,
    taskModels,
    access,
    downloads,
    chooser,
    client,
    journal,
  };
  const commands = registerCommands(commandTable(parts, editors, context, log), log, (name) =>
    deeds.tell({ kind: 'command', name }),
  );
  const inspect = new InspectView({
    extensionUri: context.extensionUri,
    log,
    client,
    models,
    taskModels,
    memory: context.workspaceState,
    editor: () => editors.current(),
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
  });
  const course = startCourse(context, log, deeds, parts);
  context.subscriptions.push(
    log,
    editors,
    activity,
    client,
    history,
    kept,
    sidebar,
    panel,
    comparison,
    prompts,
    suites,
    images,
    training,
    glow,
    overlay,
    tokenCount,
    continuation,
    downloads,
    commands,
    registerTools({ client, models, tasks }, log),
    deeds,
    inspect,
    vscode.window.registerWebviewViewProvider(inspectViewId, inspect),
    course,
    code,
    restorePanels({ attention: panel, comparison, prompts, images, training }),
  );
  return {
    attention: panel,
    attentionState: () => panel.state,
    attentionHead: (request) => panel.head(request),
    attentionExplain: (request) => panel.explain(request),
    glow: () => glow.current,
    overlay: () => overlay.current,
    tokenCount: () => tokenCount.current,
    continuations: () => continuation.current,
    exportedAttention: (request) => panel.exported(request),
    headOnScreen: () => panel.lastHeadRequest,
    inferenceProcessId: () => client.processId,
    comparison,
    prompts,
    suites,
    images,
    training,
    chooser,
    downloads,
    inspect,
    course,
    sidebar,
    history,
    studies: journal,
  };
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(settingsSection);
}
