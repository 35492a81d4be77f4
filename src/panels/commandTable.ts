import type * as vscode from 'vscode';
import { editorsOf } from '../host/analysedPlace';
import type { AttentionGlow } from '../host/attentionGlow';
import type { CommandTable } from '../host/commands';
import type { Continuation } from '../host/continuation';
import type { DocumentOverlay } from '../host/documentOverlay';
import type { EditorTracker } from '../host/editorTracker';
import type { HubAccess } from '../host/hubAccess';
import { folderTarget, pictureTargets } from '../host/imageTargets';
import type { ModelChooser } from '../host/modelChooser';
import type { ModelDownloads } from '../host/modelDownloads';
import type { Models } from '../host/models';
import { pickStudy } from '../host/pickStudy';
import { openSample } from '../host/sample';
import { pictureUri } from '../host/selectedPicture';
import { selectedText } from '../host/selectedText';
import { withoutFile } from '../archive/keptStudy';
import type { StudyArchive } from '../archive/studyArchive';
import type { Surprisal } from '../host/surprisal';
import type { TaskModels } from '../host/taskModels';
import type { InferenceClient } from '../worker/client';
import type { AttentionPanel } from './attentionPanel';
import type { ComparePanel } from './comparePanel';
import type { ImagePanel } from './imagePanel';
import { mostClassified } from './labelsTab';
import type { PromptPanel } from './promptPanel';
import type { Sidebar } from './sidebar';
import { sidebarCommands } from './sidebarCommands';
import type { Suites } from './suites';
import { textCommands } from './textCommands';
import type { TrainPanel } from './trainPanel';
import { writingCommands } from './writingCommands';

/** What commands act on. */
export interface CommandParts {
  readonly panel: AttentionPanel;
  readonly comparison: ComparePanel;
  readonly prompts: PromptPanel;
  readonly suites: Suites;
  readonly images: ImagePanel;
  readonly training: TrainPanel;
  readonly glow: AttentionGlow;
  readonly overlay: DocumentOverlay;
  readonly continuation: Continuation;
  readonly surprisal: Surprisal;
  readonly models: Models;
  readonly taskModels: TaskModels;
  readonly access: HubAccess;
  readonly downloads: ModelDownloads;
  readonly chooser: ModelChooser;
  readonly client: InferenceClient;
  readonly journal: StudyArchive;
  readonly sidebar: Sidebar;
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

/** What each command does. */
export function commandTable(
  parts: CommandParts,
  editors: EditorTracker,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): CommandTable {
  const {
    panel,
    comparison,
    prompts,
    suites,
    images,
    glow,
    overlay,
    models,
    access,
    downloads,
    chooser,
    client,
    journal,
  } = parts;
  const showChosenModel = (): Promise<void> => panel.retryWithChosenModel();
  return {
    visualizeAttention: () => panel.show(() => selectedText(editors.inUse())),
    visualizeImage: async (argument) => {
      const uri = await pictureUri(argument);
      if (uri) {
        await panel.showPicture(uri);
      }
    },
    classifyImage: async (argument, selected) => {
      const targets = await pictureTargets(argument, selected, mostClassified);
      if (targets) {
        await images.classify(targets);
      }
    },
    findImages: async (argument) => {
      const folder = await folderTarget(argument);
      if (folder) {
        await images.search(folder);
      }
    },
    findTexts: async (argument) => {
      const uri = await pictureUri(argument);
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
      const picked = await pickStudy(withoutFile(await journal.recent()));
      if (picked) {
        await ('id' in picked ? prompts.openKept(picked.id) : prompts.openFile(picked.uri));
      }
    },
    addPromptExample: () => prompts.addRow('examples', selectedText(editors.inUse())),
    addPromptItem: () => prompts.addRow('items', selectedText(editors.inUse())),
    newPromptSuite: () => suites.create(),
    openSuiteAsGrid: (argument) => suites.openGrid(argument),
    openSuiteAsText: (argument) => suites.openText(argument),
    importPromptfoo: (argument) => suites.importPromptfoo(argument),
    exportPromptfoo: (argument) => suites.exportPromptfoo(argument),
    chooseModel: async () => {
      if (await chooser.choose()) {
        await showChosenModel();
      }
    },
    manageModels: async () => {
      const { manageModels } = await import('../host/manageModels');
      await manageModels({ models, access, downloads, used: showChosenModel });
      parts.sidebar.models.reload();
    },
    setHubToken: () => access.askForToken(),
    ...serverCommands(context, log),
    unloadModels: () => {
      client.unload();
    },
    openSample: () => openSample(context.extensionUri),
    exploreIoi: async () => {
      const { exampleModel } = await import('../host/exampleModel');
      const { model, example } = await exampleModel(models, access);
      await panel.showExample(example, model);
    },
    openLog: () => {
      log.show();
    },
    ...sidebarCommands(parts, editors),
  };
}
