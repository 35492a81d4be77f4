import * as vscode from 'vscode';
import type { HubAccess } from './hubAccess';
import type { InferenceActivity } from './inferenceActivity';
import type { ModelDownloads } from './modelDownloads';
import { modelGroups } from './modelKinds';
import type { GroupRow, ModelNode } from './modelRows';
import type { modelTreeItem } from './modelTreeItems';
import type { ModelUses } from './modelUses';
import type { Models } from './models';
import { onSettingChanged, setting } from './settings';

/** The models on this machine by what they are for. Drawn anew when something tells of a change, never by a clock. */
export class ModelTree implements vscode.TreeDataProvider<ModelNode>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly subscriptions: vscode.Disposable;
  private groups: Promise<GroupRow[]> | undefined;
  private itemOf: typeof modelTreeItem | undefined;
  /** What is being loaded, as it was last drawn. */
  private loading = '';

  constructor(
    private readonly models: Models,
    private readonly access: HubAccess,
    private readonly uses: ModelUses,
    readonly downloads: ModelDownloads,
    readonly activity: InferenceActivity,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.emitter,
      activity.onDidChangeModels(() => this.redraw()),
      activity.onDidChangeJobs(() => {
        const loading = activity.loadingFolders.join('\n');
        if (loading !== this.loading) {
          this.loading = loading;
          this.redraw();
        }
      }),
      downloads.onDidChange((what) => (what === 'list' ? this.reload() : this.redraw())),
      onSettingChanged(() => this.reload()),
    );
  }

  /** Reads the disk and the settings anew. */
  reload(): void {
    this.groups = undefined;
    this.redraw();
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    if (!this.itemOf) {
      throw new Error('An item is asked for before there are rows.');
    }
    return this.itemOf(node, this);
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (!node) {
      this.groups ??= this.read();
      return this.groups;
    }
    return node.kind === 'group' ? [...node.rows] : [];
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private redraw(): void {
    this.emitter.fire(undefined);
  }

  private async read(): Promise<GroupRow[]> {
    const [{ modelRows }, items] = await Promise.all([import('./modelRows'), import('./modelTreeItems')]);
    this.itemOf = items.modelTreeItem;
    const rows = await modelRows(this.models, this.access, this.uses, setting('precision'));
    return modelGroups
      .map((group): GroupRow => ({ kind: 'group', group, rows: rows.filter((row) => row.group === group) }))
      .filter(({ rows: found }) => found.length > 0);
  }
}
