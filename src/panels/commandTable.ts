import type * as vscode from 'vscode';
import type { CommandTable } from '../host/commands';
import type { EditorTracker } from '../host/editorTracker';
import type { HubAccess } from '../host/hubAccess';
import type { ModelChooser } from '../host/modelChooser';
import type { ModelDownloads } from '../host/modelDownloads';
import { type EverydayParts, everydayCommands } from './everydayCommands';
import type { Sidebar } from './sidebar';
import { sidebarCommands } from './sidebarCommands';
import type { Suites } from './suites';

/** What commands act on. */
export interface CommandParts extends EverydayParts {
  readonly suites: Suites;
  readonly access: HubAccess;
  readonly downloads: ModelDownloads;
  readonly chooser: ModelChooser;
  readonly sidebar: Sidebar;
}

/** What each command does. */
export function commandTable(
  parts: CommandParts,
  editors: EditorTracker,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): CommandTable {
  const { panel, suites, models, access, downloads } = parts;
  return {
    ...everydayCommands(parts, editors, context, log),
    newPromptSuite: () => suites.create(),
    openSuiteAsGrid: (argument) => suites.openGrid(argument),
    openSuiteAsText: (argument) => suites.openText(argument),
    importPromptfoo: (argument) => suites.importPromptfoo(argument),
    exportPromptfoo: (argument) => suites.exportPromptfoo(argument),
    manageModels: async () => {
      const { manageModels } = await import('../host/manageModels');
      await manageModels({ models, access, downloads, used: () => panel.retryWithChosenModel() });
      parts.sidebar.models.reload();
    },
    setHubToken: () => access.askForToken(),
    ...sidebarCommands(parts, editors),
  };
}
