import 'vscode-jsonrpc/node';
import * as vscode from 'vscode';
import { AttentionGlow, type Glow } from './host/attentionGlow';
import { BundledTasks } from './host/bundledTasks';
import { registerCommands } from './host/commands';
import { Continuation } from './host/continuation';
import { DocumentOverlay, type Overlay } from './host/documentOverlay';
import { EditorTracker } from './host/editorTracker';
import { HubAccess } from './host/hubAccess';
import { commandIds, settingKeys, settingsSection } from './host/ids';
import { ModelChooser } from './host/modelChooser';
import { ModelDownloads } from './host/modelDownloads';
import { Models } from './host/models';
import { selectedText, typedText } from './host/selectedText';
import { StudyJournal } from './host/studyJournal';
import { Surprisal } from './host/surprisal';
import { TaskModels } from './host/taskModels';
import { AttentionPanel } from './panels/attentionPanel';
import { commandTable } from './panels/commandTable';
import { ComparePanel } from './panels/comparePanel';
import { PromptPanel } from './panels/promptPanel';
import { restorePanels } from './panels/restorePanels';
import type { AttentionState, ExportRequest } from './protocol/attentionPage';
import type { HeadRequest } from './protocol/attention';
import { InferenceClient } from './worker/client';
import { type ForkOptions, forkWorker } from './worker/forkWorker';

/** What other extensions, and our tests, may read. */
export interface ExtensionApi {
  attentionState(): AttentionState;
  /** Row-major float32 weights of one head of the run on show. */
  attentionHead(request: HeadRequest): Promise<ArrayBuffer>;
  /** The file that the panel's export would write. */
  exportedAttention(request: ExportRequest): Promise<Uint8Array>;
  /** The attention panel. */
  readonly attention: AttentionPanel;
  /** What is lit up in the editor. */
  glow(): Glow | undefined;
  /** What else is drawn over a document. */
  overlay(): Overlay | undefined;
  /** Ghost text on show, the newest continuation first. */
  continuations(): readonly string[] | undefined;
  /** The head that the page on the screen last asked for. */
  headOnScreen(): HeadRequest | undefined;
  inferenceProcessId(): number | undefined;
  /** The comparison of two models. */
  readonly comparison: ComparePanel;
  /** The prompt workbench. */
  readonly prompts: PromptPanel;
  /** Models from anywhere. */
  readonly chooser: ModelChooser;
  readonly downloads: ModelDownloads;
  /** A study as its journal has it. */
  keptStudy(id: string): ReturnType<StudyJournal['read']>;
}

/** Builds the objects and hands them to each other. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const log = vscode.window.createOutputChannel('Transformer Scope', { log: true });
  const editors = new EditorTracker();
  const access = new HubAccess(context.secrets, context.globalStorageUri);
  const models = new Models(context.extensionUri, access);
  const taskModels = new TaskModels(models);
  const downloads = new ModelDownloads(access);
  const chooser: ModelChooser = new ModelChooser(context.extensionUri, models, access, downloads, log, () =>
    panel.retryWithChosenModel(),
  );
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
      phase: (owner, phase) => panel.setPhase(owner, phase),
      log: (message) => log.warn(message),
    },
    { idleMilliseconds: () => settings().get<number>(settingKeys.idleMinutes, 10) * 60_000 },
  );
  const panel = new AttentionPanel({
    extensionUri: context.extensionUri,
    client,
    models,
    chooser,
    log,
    memory: context.workspaceState,
    weightsChanged: () => void glow.refresh(),
  });
  const journal = new StudyJournal(
    vscode.Uri.joinPath(context.globalStorageUri, 'studies').fsPath,
    (message) => log.error(message),
  );
  const tasks = new BundledTasks(context.extensionUri);
  const comparison = new ComparePanel({
    extensionUri: context.extensionUri,
    client,
    models,
    taskModels,
    chooser,
    tasks,
    log,
    memory: context.workspaceState,
    selection: () => selectedText(editors.inUse()),
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
  });
  const prompts = new PromptPanel({
    extensionUri: context.extensionUri,
    client,
    models,
    chooser,
    tasks,
    journal,
    log,
    memory: context.workspaceState,
    editor: () => editors.inUse(),
    selection: () => selectedText(editors.inUse()),
    showAttention: (text, model) => panel.show(() => typedText(text), model),
  });
  const glow = new AttentionGlow({
    place: () => panel.place,
    weights: (runId) => panel.weights(runId),
  });

  const overlay = new DocumentOverlay(commandIds.clearMarks);
  const continuation = new Continuation(client, taskModels, context.extension.id);
  const surprisal = new Surprisal({
    client,
    taskModels,
    overlay,
    pickModel: () => chooser.pick('text'),
  });
  const parts = {
    panel,
    comparison,
    prompts,
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
  const commands = registerCommands(commandTable(parts, editors, context, log), log);
  context.subscriptions.push(
    log,
    editors,
    client,
    panel,
    comparison,
    prompts,
    glow,
    overlay,
    continuation,
    downloads,
    commands,
    restorePanels({ attention: panel, comparison, prompts }),
  );
  return {
    attention: panel,
    attentionState: () => panel.state,
    attentionHead: (request) => panel.head(request),
    glow: () => glow.current,
    overlay: () => overlay.current,
    continuations: () => continuation.current,
    exportedAttention: (request) => panel.exported(request),
    headOnScreen: () => panel.lastHeadRequest,
    inferenceProcessId: () => client.processId,
    comparison,
    prompts,
    chooser,
    downloads,
    keptStudy: (id) => journal.read(id),
  };
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(settingsSection);
}
