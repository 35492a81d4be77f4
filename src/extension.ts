import * as vscode from 'vscode';
import { type Glow } from './host/attentionGlow';
import type { StudyArchive } from './archive/studyArchive';
import { BundledTasks } from './host/bundledTasks';
import { registerCommands } from './host/commands';
import { type Overlay } from './host/documentOverlay';
import { HubAccess } from './host/hubAccess';
import { ModelChooser } from './host/modelChooser';
import { ModelDownloads } from './host/modelDownloads';
import { KeptArchive } from './host/keptArchive';
import { typedText } from './host/selectedText';
import { setting } from './host/settings';
import type { TokenCount } from './host/tokenCount';
import type { AttentionPanel } from './panels/attentionPanel';
import { commandTable } from './panels/commandTable';
import { type Course } from './panels/startCourse';
import type { ComparePanel } from './panels/comparePanel';
import { History } from './panels/history';
import { HistoryStore } from './panels/historyStore';
import type { InspectView } from './panels/inspectView';
import type { ImagePanel } from './panels/imagePanel';
import { pastRuns } from './panels/pastRuns';
import type { PromptPanel } from './panels/promptPanel';
import { Sidebar } from './panels/sidebar';
import { Suites } from './panels/suites';
import type { TrainPanel } from './panels/trainPanel';
import type { AttentionState, ExportRequest } from './protocol/attentionPage';
import type { HeadRequest } from './protocol/attention';
import type { ExplainRequest, ExplainedWeight } from './protocol/oneNumber';
import { forkScript } from './worker/forkScript';
import { type BuiltParts, buildParts } from './panels/buildParts';
import { forkWorker } from './worker/forkWorker';

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
  const { extensionUri, globalStorageUri } = context;
  const script = (name: string): string => vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath;
  const access = new HubAccess(context.secrets, globalStorageUri);
  const downloads = new ModelDownloads(access);
  const kept = new KeptArchive(vscode.Uri.joinPath(globalStorageUri, 'studies'), log);
  keptArchive = kept;
  const journal = kept.archive;
  const history = new History(
    new HistoryStore(vscode.Uri.joinPath(globalStorageUri, 'history').fsPath, (message) =>
      log.error(message),
    ),
    () => setting('history'),
  );
  const tasks = new BundledTasks(extensionUri);
  const parts: BuiltParts<ModelChooser> = buildParts(context, log, {
    access,
    history,
    journal,
    pastRuns: pastRuns(journal),
    tasks,
    makeChooser: (models, retry) => new ModelChooser(extensionUri, models, access, downloads, log, retry),
    startInference: () =>
      forkWorker({
        script: script('worker.js'),
        numThreads: setting('threads'),
        runtime: setting('runtime'),
        precision: setting('precision'),
        modelMegabytes: setting('modelMemory'),
        onOutput: (text) => log.info(`[inference] ${text}`),
      }),
    startTraining: () => forkScript(script('trainer.js'), {}, (text) => log.info(`[training] ${text}`)),
    writeSuite: async (study) => (await import('./panels/suiteText')).writeSuite(study, parts.models),
    savedAsSuite: (uri, study, results) => suites.adopt(uri, study, results),
  });
  const { deeds, editors, models, client, activity, panel, comparison, prompts } = parts;
  const suites: Suites = new Suites({
    ...{ archive: journal, client, models, tasks, log, extensionUri, chooser: parts.chooser },
    serverMemory: context,
    editor: () => editors.inUse(),
    showAttention: (text, model) => panel.show(() => typedText(text), model),
    answered: (method, params) => deeds.tell({ kind: 'page', method, params }),
  });
  const sidebar = new Sidebar({
    ...{ client, activity, models, taskModels: parts.taskModels, access, downloads, journal, history },
    studiesChanged: kept.onDidChange,
    panels: { attention: panel, comparison, prompts },
  });
  const commands = commandTable({ ...parts, access, downloads, sidebar, suites }, editors, context, log);
  context.subscriptions.push(
    ...[history, kept, sidebar, suites, downloads],
    registerCommands(commands, log, (name) => deeds.tell({ kind: 'command', name })),
  );
  return {
    attention: panel,
    attentionState: () => panel.state,
    attentionHead: (request) => panel.head(request),
    attentionExplain: (request) => panel.explain(request),
    glow: () => parts.glow.current,
    overlay: () => parts.overlay.current,
    tokenCount: () => parts.tokenCount.current,
    continuations: () => parts.continuation.current,
    exportedAttention: (request) => panel.exported(request),
    headOnScreen: () => panel.lastHeadRequest,
    inferenceProcessId: () => client.processId,
    comparison,
    prompts,
    suites,
    images: parts.images,
    training: parts.training,
    chooser: parts.chooser,
    downloads,
    inspect: parts.inspect,
    course: parts.course,
    sidebar,
    history,
    studies: journal,
  };
}
