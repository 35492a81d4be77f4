import * as vscode from 'vscode';
import { amountOf } from '../host/amounts';
import type { HubAccess } from '../host/hubAccess';
import { historyViewId, modelsViewId } from '../host/ids';
import type { InferenceActivity } from '../host/inferenceActivity';
import { loadedOnce } from '../host/loadedOnce';
import type { ModelDownloads } from '../host/modelDownloads';
import type { ModelNode } from '../host/modelRows';
import { ModelTree } from '../host/modelTree';
import { ModelUses } from '../host/modelUses';
import type { Models } from '../host/models';
import { StatusItem } from '../host/statusItem';
import type { StudyArchive } from '../archive/studyArchive';
import type { TaskModels } from '../host/taskModels';
import { ListLoaded } from '../protocol/loadedModels';
import type { InferenceClient } from '../worker/client';
import type { AttentionPanel } from './attentionPanel';
import type { ComparePanel } from './comparePanel';
import type { History } from './history';
import { type HistoryNode, HistoryTree } from './historyTree';
import type { PromptPanel } from './promptPanel';

export interface SidebarServices {
  readonly client: InferenceClient;
  readonly activity: InferenceActivity;
  readonly models: Models;
  readonly taskModels: TaskModels;
  readonly access: HubAccess;
  readonly downloads: ModelDownloads;
  readonly journal: StudyArchive;
  readonly studiesChanged: vscode.Event<void>;
  readonly history: History;
  readonly panels: {
    readonly attention: AttentionPanel;
    readonly comparison: ComparePanel;
    readonly prompts: PromptPanel;
  };
}

/** The views of the side bar that list things, and the item in the status bar. */
export class Sidebar implements vscode.Disposable {
  readonly models: ModelTree;
  readonly history: HistoryTree;
  private readonly uses: ModelUses;
  /** What can be done with a model; loaded when something is. */
  readonly modelActions = loadedOnce(async () => {
    const { client, activity, access, panels } = this.services;
    const { ModelActions } = await import('../host/modelActions');
    return new ModelActions(client, activity, this.uses, access, () =>
      panels.attention.retryWithChosenModel(),
    );
  });
  /** The same for the history. */
  readonly historyActions = loadedOnce(async () => {
    const { history, journal, panels } = this.services;
    const { HistoryActions } = await import('./historyActions');
    return new HistoryActions(history, journal, panels, () => this.history.redraw());
  });
  readonly status: StatusItem;
  private readonly modelView: vscode.TreeView<ModelNode>;
  private readonly historyView: vscode.TreeView<HistoryNode>;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly services: SidebarServices) {
    const { activity, models, taskModels, access, downloads, history } = services;
    this.uses = new ModelUses(models, taskModels);
    this.models = new ModelTree(models, access, this.uses, downloads, activity);
    this.history = new HistoryTree(history, services.journal, services.studiesChanged);
    this.status = new StatusItem(models, activity);
    this.modelView = vscode.window.createTreeView(modelsViewId, {
      treeDataProvider: this.models,
      showCollapseAll: true,
    });
    this.historyView = vscode.window.createTreeView(historyViewId, {
      treeDataProvider: this.history,
      showCollapseAll: true,
    });
    this.history.onMessage = (message) => {
      this.historyView.message = message ?? '';
    };
    this.subscriptions = vscode.Disposable.from(
      this.models,
      this.history,
      this.status,
      this.modelView,
      this.historyView,
      activity.onDidChangeModels(() => this.tellMemory()),
      this.modelView.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          void this.refreshModels();
        }
      }),
      this.historyView.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          // It may be another day.
          this.history.redraw();
        }
      }),
    );
  }

  /** The row that a menu was opened on, else the chosen one. */
  modelRow(argument: unknown): ModelNode | undefined {
    return isNode<ModelNode>(argument) ? argument : this.modelView.selection[0];
  }

  historyRow(argument: unknown): HistoryNode | undefined {
    return isNode<HistoryNode>(argument) ? argument : this.historyView.selection[0];
  }

  /** Reads the disk anew, and asks the process, where one runs, what it has loaded. */
  async refreshModels(): Promise<void> {
    this.models.reload();
    const memory = await this.services.client.askRunning(ListLoaded, {}).catch(() => undefined);
    if (memory) {
      this.services.activity.learn(memory);
    }
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private tellMemory(): void {
    const { memory } = this.services.activity;
    this.modelView.description = memory ? vscode.l10n.t('{0} in memory', amountOf(memory.residentBytes)) : '';
  }
}

/** A command may be run with anything. */
function isNode<N extends { readonly kind: string }>(argument: unknown): argument is N {
  return typeof argument === 'object' && argument !== null && 'kind' in argument;
}
