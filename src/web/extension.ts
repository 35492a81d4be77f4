import 'vscode-jsonrpc/browser';
import * as vscode from 'vscode';
import { AttentionGlow } from '../host/attentionGlow';
import { BundledTasks } from '../host/bundledTasks';
import { CodeTexts } from '../host/codeTexts';
import { registerCommands } from '../host/commands';
import { Continuation } from '../host/continuation';
import { DeedBus } from '../host/deedBus';
import { documentLines } from '../host/documentLines';
import { DocumentOverlay, type Overlay } from '../host/documentOverlay';
import { EditorTracker } from '../host/editorTracker';
import { commandIds, inspectViewId, settingKeys, settingsSection } from '../host/ids';
import { InferenceActivity } from '../host/inferenceActivity';
import { Models } from '../host/models';
import { selectedText, typedText } from '../host/selectedText';
import { StatusItem } from '../host/statusItem';
import { Surprisal } from '../host/surprisal';
import { TaskModels } from '../host/taskModels';
import { TokenCount, tokenCountOwner } from '../host/tokenCount';
import { AttentionPanel } from '../panels/attentionPanel';
import { mostCaptions } from '../panels/captionsTab';
import { ComparePanel } from '../panels/comparePanel';
import { ImagePanel } from '../panels/imagePanel';
import { InspectView } from '../panels/inspectView';
import { registerTools } from '../panels/languageModelTools';
import { PromptPanel } from '../panels/promptPanel';
import { restorePanels } from '../panels/restorePanels';
import { startCourse } from '../panels/startCourse';
import { TrainPanel } from '../panels/trainPanel';
import type { HeadRequest } from '../protocol/attention';
import type { AttentionState } from '../protocol/attentionPage';
import { InferenceClient } from '../worker/client';
import { BundledChooser } from './bundledChooser';
import { BundledFiles } from './bundledFiles';
import { emptyViews } from './emptyViews';
import { startInference, startTraining } from './startWorker';
import { StudiesInMemory } from './studiesInMemory';
import { webCommands } from './webCommands';
import { ScopeError } from '../protocol/errors';

/** Names of the files in `media/tasks`, filled in by the build: a folder cannot be listed everywhere. */
declare const bundledTaskFiles: readonly string[];

/** What our tests may read. */
export interface WebExtensionApi {
  attentionState(): AttentionState;
  /** Row-major float32 weights of one head of the run on show. */
  attentionHead(request: HeadRequest): Promise<ArrayBuffer>;
  /** What is drawn over a document. */
  overlay(): Overlay | undefined;
  /** The head that the page on the screen last asked for. */
  headOnScreen(): HeadRequest | undefined;
  readonly attention: AttentionPanel;
  readonly comparison: ComparePanel;
  readonly prompts: PromptPanel;
  readonly training: TrainPanel;
}

/** The browser's composition root: builds the objects that need no machine of their own. */
export function activate(context: vscode.ExtensionContext): WebExtensionApi {
  const { extensionUri, workspaceState: memory } = context;
  const log = vscode.window.createOutputChannel('Transformer Scope', { log: true });
  const deeds = new DeedBus();
  const editors = new EditorTracker();
  const noDownloads = { nameOf: () => undefined, models: () => Promise.resolve([]) };
  const access = { store: () => noDownloads };
  const models = new Models(extensionUri, access);
  const taskModels = new TaskModels(models);
  const chooser = new BundledChooser(models);
  const activity = new InferenceActivity(context.globalState);
  const files = new BundledFiles(extensionUri);
  const client = new InferenceClient(
    () =>
      startInference(extensionUri, files, {
        precision: settings().get<'int8' | 'fp32'>(settingKeys.precision, 'int8'),
        maxBytes: settings().get<number>(settingKeys.modelMemory, 1000) * 1e6,
      }),
    {
      phase: (owner, phase) => {
        panel.setPhase(owner, phase);
        // A worker that was started for something else can count now.
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
  const history = { keep: () => undefined, change: () => undefined, look: () => undefined };
  const code = new CodeTexts(extensionUri);
  const panel = new AttentionPanel({
    extensionUri,
    client,
    models,
    chooser,
    log,
    memory,
    history,
    code,
    weightsChanged: () => void glow.refresh(),
  });
  const journal = new StudiesInMemory();
  const tasks = new BundledTasks(extensionUri, bundledTaskFiles);
  const tellOfPage = (method: string, params: unknown): void => deeds.tell({ kind: 'page', method, params });
  const comparison = new ComparePanel({
    extensionUri,
    client,
    models,
    taskModels,
    chooser,
    tasks,
    log,
    memory,
    history,
    selection: () => selectedText(editors.inUse()),
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
    answered: tellOfPage,
  });
  const prompts = new PromptPanel({
    extensionUri,
    client,
    models,
    chooser,
    tasks,
    journal,
    log,
    memory,
    serverMemory: context,
    editor: () => editors.inUse(),
    selection: () => selectedText(editors.inUse()),
    showAttention: (text, model) => panel.show(() => typedText(text), model),
    writeSuite: () => Promise.reject(new ScopeError('desktopOnly')),
    savedAsSuite: () => Promise.reject(new ScopeError('desktopOnly')),
    answered: tellOfPage,
  });
  const images = new ImagePanel({
    extensionUri,
    storage: vscode.Uri.joinPath(context.globalStorageUri, 'pictures'),
    client,
    models,
    log,
    memory,
    documentLines: () => {
      const editor = editors.current();
      return editor && documentLines(editor, mostCaptions);
    },
    showAttention: (picture) => panel.showPicture(picture),
  });
  const training = new TrainPanel({ extensionUri, log, memory, start: () => startTraining(extensionUri) });
  const glow = new AttentionGlow({
    place: () => panel.place,
    weights: (runId) => panel.weights(runId),
  });
  const overlay = new DocumentOverlay(commandIds.clearMarks);
  const tokenCount = new TokenCount(client, models);
  const continuation = new Continuation(client, taskModels, context.extension.id);
  const surprisal = new Surprisal({
    client,
    taskModels,
    overlay,
    pickModel: (title) => chooser.pick('text', title),
  });
  const parts = {
    panel,
    comparison,
    prompts,
    images,
    training,
    glow,
    overlay,
    continuation,
    surprisal,
    models,
    taskModels,
    chooser,
    access,
    client,
    journal,
  };
  const commands = registerCommands(webCommands(parts, editors, context, log), log, (name) =>
    deeds.tell({ kind: 'command', name }),
  );
  const inspect = new InspectView({
    extensionUri,
    log,
    client,
    models,
    taskModels,
    memory,
    editor: () => editors.current(),
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
  });
  context.subscriptions.push(
    log,
    editors,
    activity,
    client,
    panel,
    comparison,
    prompts,
    images,
    training,
    glow,
    overlay,
    tokenCount,
    continuation,
    commands,
    registerTools({ client, models, tasks }, log),
    deeds,
    inspect,
    vscode.window.registerWebviewViewProvider(inspectViewId, inspect),
    startCourse(context, log, deeds, parts),
    code,
    new StatusItem(models, activity),
    emptyViews(),
    restorePanels({ attention: panel, comparison, prompts, images, training }),
  );
  return {
    attentionState: () => panel.state,
    attentionHead: (request) => panel.head(request),
    overlay: () => overlay.current,
    headOnScreen: () => panel.lastHeadRequest,
    attention: panel,
    comparison,
    prompts,
    training,
  };
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(settingsSection);
}
