import type * as vscode from 'vscode';
import { editorsOf } from '../host/analysedPlace';
import { askedPicture } from '../host/askedPicture';
import type { AttentionGlow } from '../host/attentionGlow';
import type { CommandTable } from '../host/commands';
import type { Continuation } from '../host/continuation';
import type { DocumentOverlay } from '../host/documentOverlay';
import type { EditorTracker } from '../host/editorTracker';
import type { ModelChooser } from '../host/modelChooser';
import type { Models, StoredModels } from '../host/models';
import { selectedText } from '../host/selectedText';
import type { Surprisal } from '../host/surprisal';
import type { TaskModels } from '../host/taskModels';
import { withoutFile } from '../archive/keptStudy';
import type { StudyKeeper } from '../archive/studyArchive';
import type { InferenceClient } from '../worker/client';
import type { AttentionPanel } from './attentionPanel';
import type { ComparePanel } from './comparePanel';
import { mostClassified } from './imageLimits';
import type { ImagePanel } from './imagePanel';
import type { PromptPanel } from './promptPanel';
import type { SidebarCommands } from './sidebarCommands';
import { textCommands } from './textCommands';
import type { TrainPanel } from './trainPanel';
import { writingCommands } from './writingCommands';

/** Commands that need files and processes of this machine. */
type DesktopCommand =
  | 'manageModels'
  | 'setHubToken'
  | 'newPromptSuite'
  | 'openSuiteAsGrid'
  | 'openSuiteAsText'
  | 'importPromptfoo'
  | 'exportPromptfoo';
type EverydayCommands = Omit<CommandTable, DesktopCommand | keyof SidebarCommands>;

/** What the commands act on that exist everywhere. */
export interface EverydayParts {
  readonly panel: AttentionPanel;
  readonly comparison: ComparePanel;
  readonly prompts: PromptPanel;
  readonly images: ImagePanel;
  readonly training: TrainPanel;
  readonly glow: AttentionGlow;
  readonly overlay: DocumentOverlay;
  readonly continuation: Continuation;
  /** Loaded with the first text that is measured. */
  readonly surprisal: () => Promise<Surprisal>;
  readonly models: Models;
  readonly taskModels: TaskModels;
  readonly chooser: Pick<ModelChooser, 'choose' | 'pick'>;
  readonly access: StoredModels;
  readonly client: InferenceClient;
  readonly journal: StudyKeeper;
}

type ServerCommand = 'addModelServer' | 'setModelServerKey' | 'removeModelServer';

/** Commands for servers of models; what they need is loaded with the first of them. */
function serverCommands(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Pick<CommandTable, ServerCommand> {
  const perform = (name: ServerCommand) => async (): Promise<void> => {
    const [{ ModelServers }, verbs] = await Promise.all([
      import('../host/modelServers'),
      import('../host/manageServers'),
    ]);
    await verbs[name](new ModelServers(context, log), log);
  };
  return {
    addModelServer: perform('addModelServer'),
    setModelServerKey: perform('setModelServerKey'),
    removeModelServer: perform('removeModelServer'),
  };
}

/** What the commands do that work on the desktop and in the browser. */
export function everydayCommands(
  parts: EverydayParts,
  editors: EditorTracker,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): EverydayCommands {
  const { panel, comparison, prompts, images, glow, overlay, chooser, client, journal } = parts;
  return {
    visualizeAttention: () => panel.show(() => selectedText(editors.inUse())),
    visualizeImage: async (argument) => {
      const uri = await askedPicture(argument);
      if (uri) {
        await panel.showPicture(uri);
      }
    },
    classifyImage: async (argument, selected) => {
      const { pictureTargets } = await import('../host/imageTargets');
      const targets = await pictureTargets(argument, selected, mostClassified);
      if (targets) {
        await images.classify(targets);
      }
    },
    findImages: async (argument) => {
      const { folderTarget } = await import('../host/imageTargets');
      const folder = await folderTarget(argument);
      if (folder) {
        await images.search(folder);
      }
    },
    findTexts: async (argument) => {
      const uri = await askedPicture(argument);
      if (uri) {
        await images.findTexts(uri);
      }
    },
    lightUpAttention: async () => {
      const editor = editors.inUse();
      if (!panel.place || !editorsOf(panel.place).includes(editor) || !editor.selection.isEmpty) {
        await panel.show(() => selectedText(editor));
      }
      await glow.start();
    },
    clearMarks: async () => {
      overlay.clear();
      await glow.stop();
    },
    ...textCommands({ ...parts, log }, editors, context.globalState),
    ...writingCommands(parts, editors),
    compareModels: () => {
      const editor = editors.current();
      return comparison.show(editor && selectedText(editor));
    },
    trainTinyModel: () => parts.training.show(),
    tryPromptStrategies: () => {
      const editor = editors.current();
      return prompts.show(editor && selectedText(editor));
    },
    openPromptStudy: async () => {
      const { pickStudy } = await import('../host/pickStudy');
      const picked = await pickStudy(withoutFile(await journal.recent()));
      if (picked) {
        await ('id' in picked ? prompts.openKept(picked.id) : prompts.openFile(picked.uri));
      }
    },
    addPromptExample: () => prompts.addRow('examples', selectedText(editors.inUse())),
    addPromptItem: () => prompts.addRow('items', selectedText(editors.inUse())),
    chooseModel: async () => {
      if (await chooser.choose()) {
        await panel.retryWithChosenModel();
      }
    },
    ...serverCommands(context, log),
    exploreIoi: async () => {
      const { exampleModel } = await import('../host/exampleModel');
      const { model, example } = await exampleModel(parts.models, parts.access);
      await panel.showExample(example, model);
    },
    unloadModels: () => {
      client.unload();
    },
    openSample: async () => (await import('../host/sample')).openSample(context.extensionUri),
    openLog: () => {
      log.show();
    },
  };
}
