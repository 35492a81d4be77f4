import * as vscode from 'vscode';
import type { StudyKeeper } from '../archive/studyArchive';
import { AttentionGlow } from '../host/attentionGlow';
import type { BundledTasks } from '../host/bundledTasks';
import { CodeTexts } from '../host/codeTexts';
import { Continuation } from '../host/continuation';
import { DeedBus } from '../host/deedBus';
import { documentLines } from '../host/documentLines';
import { DocumentOverlay } from '../host/documentOverlay';
import { EditorTracker } from '../host/editorTracker';
import { commandIds, inspectViewId } from '../host/ids';
import { InferenceActivity } from '../host/inferenceActivity';
import { loadedOnce } from '../host/loadedOnce';
import type { ModelChooser } from '../host/modelChooser';
import { Models, type StoredModels } from '../host/models';
import { selectedText, typedText } from '../host/selectedText';
import { setting } from '../host/settings';
import { TaskModels } from '../host/taskModels';
import { TokenCount, tokenCountOwner } from '../host/tokenCount';
import { InferenceClient, type WorkerHandle } from '../worker/client';
import { AttentionPanel } from './attentionPanel';
import { ComparePanel } from './comparePanel';
import type { EverydayParts } from './everydayCommands';
import type { HistoryKeeper } from './history';
import { mostCaptions } from './imageLimits';
import { ImagePanel } from './imagePanel';
import { InspectView } from './inspectView';
import { registerTools } from './languageModelTools';
import { PromptPanel, type PromptPanelServices } from './promptPanel';
import { restorePanels } from './restorePanels';
import { type Course, startCourse } from './startCourse';
import { TrainPanel } from './trainPanel';

type Chooser = EverydayParts['chooser'] & Pick<ModelChooser, 'pickFolder'>;

/** What VS Code has behind it: a machine with files and processes, or only a browser. */
export interface Surroundings<C extends Chooser> extends Pick<
  PromptPanelServices,
  'pastRuns' | 'writeSuite' | 'savedAsSuite'
> {
  /** Models beside the bundled ones. */
  readonly access: StoredModels;
  readonly history: HistoryKeeper;
  readonly journal: StudyKeeper;
  readonly tasks: BundledTasks;
  /** @param retry looks again, with the model that was chosen */
  makeChooser(models: Models, retry: () => Promise<void>): C;
  startInference(): WorkerHandle;
  startTraining(): WorkerHandle;
}

/** What there is beside what commands act on. */
export interface BuiltParts<C extends Chooser> extends EverydayParts {
  readonly chooser: C;
  readonly deeds: DeedBus;
  readonly editors: EditorTracker;
  readonly activity: InferenceActivity;
  readonly tokenCount: TokenCount;
  readonly inspect: InspectView;
  readonly course: Course;
}

/** Builds the objects that every VS Code has, and hands them to each other. */
export function buildParts<C extends Chooser>(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  given: Surroundings<C>,
): BuiltParts<C> {
  const { extensionUri, workspaceState: memory } = context;
  const { access, history, journal, tasks } = given;
  const deeds = new DeedBus();
  const editors = new EditorTracker();
  const models = new Models(extensionUri, access);
  const taskModels = new TaskModels(models);
  const chooser = given.makeChooser(models, () => panel.retryWithChosenModel());
  const activity = new InferenceActivity(context.globalState);
  const client = new InferenceClient(
    () => given.startInference(),
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
    {
      idleMilliseconds: () => setting('idleMinutes') * 60_000,
      loadRpc: () => import('../host/rpcRuntime'),
    },
  );
  const code = new CodeTexts(extensionUri);
  const common = { extensionUri, client, models, chooser, log, memory };
  const answered = (method: string, params: unknown): void => deeds.tell({ kind: 'page', method, params });
  const selection = (): ReturnType<typeof selectedText> => selectedText(editors.inUse());
  const panel: AttentionPanel = new AttentionPanel({
    ...common,
    history,
    code,
    weightsChanged: () => void glow.refresh(),
  });
  const comparison = new ComparePanel({
    ...common,
    taskModels,
    tasks,
    history,
    selection,
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
    answered,
  });
  const prompts = new PromptPanel({
    ...common,
    ...given,
    serverMemory: context,
    editor: () => editors.inUse(),
    selection,
    showAttention: (text, model) => panel.show(() => typedText(text), model),
    answered,
  });
  const images = new ImagePanel({
    ...common,
    storage: vscode.Uri.joinPath(context.globalStorageUri, 'pictures'),
    documentLines: () => {
      const editor = editors.current();
      return editor && documentLines(editor, mostCaptions);
    },
    showAttention: (picture) => panel.showPicture(picture),
  });
  const training = new TrainPanel({ extensionUri, log, memory, start: () => given.startTraining() });
  const glow = new AttentionGlow({
    place: () => panel.place,
    weights: (runId) => panel.weights(runId),
  });
  const overlay = new DocumentOverlay(commandIds.clearMarks);
  const tokenCount = new TokenCount(client, models);
  const continuation = new Continuation(client, taskModels, context.extension.id);
  const surprisal = loadedOnce(
    async () =>
      new (await import('../host/surprisal')).Surprisal({
        client,
        taskModels,
        overlay,
        pickModel: (title) => chooser.pick('text', title),
      }),
  );
  const inspect = new InspectView({
    ...common,
    taskModels,
    editor: () => editors.current(),
    showAttention: (text, model, layer) => panel.show(() => text, model, layer),
  });
  const course = startCourse(context, log, deeds, { panel, comparison, models });
  const panels = { attention: panel, comparison, prompts, images, training };
  context.subscriptions.push(
    ...[log, deeds, editors, activity, client, code, ...Object.values(panels), glow, overlay, tokenCount],
    ...[continuation, inspect, vscode.window.registerWebviewViewProvider(inspectViewId, inspect), course],
    ...[registerTools({ client, models, tasks }, log), restorePanels(panels)],
  );
  return {
    ...{ deeds, editors, models, taskModels, chooser, access, activity, client, journal, panel, comparison },
    ...{ prompts, images, training, glow, overlay, tokenCount, continuation, surprisal, inspect, course },
  };
}
