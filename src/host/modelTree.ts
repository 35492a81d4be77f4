import * as vscode from 'vscode';
import { amountOf } from './amounts';
import { errorText } from './errorText';
import type { HubAccess } from './hubAccess';
import type { InferenceActivity } from './inferenceActivity';
import type { ModelDownloads } from './modelDownloads';
import { type ModelGroup, modelGroups } from './modelKinds';
import { type DownloadRow, type ModelRow, modelRows } from './modelRows';
import { modelTooltip, storageText } from './modelTooltip';
import type { ModelUses } from './modelUses';
import type { Models } from './models';
import { onSettingChanged, setting } from './settings';

/** Models for one kind of task. */
export interface GroupRow {
  readonly kind: 'group';
  readonly group: ModelGroup;
  readonly rows: readonly (ModelRow | DownloadRow)[];
}

export type ModelNode = GroupRow | ModelRow | DownloadRow;

/** The models on this machine by what they are for. Drawn anew when something tells of a change, never by a clock. */
export class ModelTree implements vscode.TreeDataProvider<ModelNode>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly subscriptions: vscode.Disposable;
  private groups: Promise<GroupRow[]> | undefined;
  /** What is being loaded, as it was last drawn. */
  private loading = '';

  constructor(
    private readonly models: Models,
    private readonly access: HubAccess,
    private readonly uses: ModelUses,
    private readonly downloads: ModelDownloads,
    private readonly activity: InferenceActivity,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.emitter,
      activity.onDidChangeModels(() => this.redraw()),
      activity.onDidChangeJobs(() => {
        const loading = this.loadingFolders().join('\n');
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
    switch (node.kind) {
      case 'group':
        return this.groupItem(node);
      case 'model':
        return this.modelItem(node);
      case 'download':
        return this.downloadItem(node);
    }
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
    const rows = await modelRows(this.models, this.access, this.uses, setting('precision'));
    return modelGroups
      .map((group): GroupRow => ({ kind: 'group', group, rows: rows.filter((row) => row.group === group) }))
      .filter(({ rows: found }) => found.length > 0);
  }

  private groupItem({ group }: GroupRow): vscode.TreeItem {
    const item = new vscode.TreeItem(groupName(group), vscode.TreeItemCollapsibleState.Expanded);
    item.id = `group ${group}`;
    item.iconPath = new vscode.ThemeIcon(groupIcons[group]);
    item.contextValue = 'group';
    return item;
  }

  private modelItem(row: ModelRow): vscode.TreeItem {
    const { t } = vscode.l10n;
    const { source, origin, uses } = row;
    const { memory } = this.activity;
    const isLoaded = memory?.models.some(({ folder }) => folder === source.folder) === true;
    const isLoading = this.loadingFolders().includes(source.folder);
    const failed = this.activity.failureOf(source.folder);
    const told = failed && errorText(failed);
    const failure = told && [told.message, told.detail].filter(Boolean).join(' ');
    const item = new vscode.TreeItem(source.id, vscode.TreeItemCollapsibleState.None);
    item.id = source.folder;
    const facts = [
      uses.length > 0 ? '✓' : undefined,
      isLoading ? t('loading…') : undefined,
      amountOf(row.bytes),
      origin.from === 'bundle' ? origin.model.languages.join(', ') : undefined,
      [row.dtype, storageText(row)].filter(Boolean).join(', '),
    ];
    item.description = failure ?? facts.filter(Boolean).join(' · ');
    item.tooltip = modelTooltip(row, memory, failure);
    item.iconPath = isLoading
      ? new vscode.ThemeIcon('loading~spin')
      : failure !== undefined
        ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
        : isLoaded
          ? new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('charts.green'))
          : new vscode.ThemeIcon('circle-outline');
    const card = row.hasCard || origin.from === 'hub' || origin.from === 'cache';
    item.contextValue = ['model', origin.from, isLoaded ? 'loaded' : 'unloaded', card ? 'card' : '']
      .filter(Boolean)
      .join(' ');
    // What a sighted person sees from the mark and from the circle.
    const state = [uses.length > 0 ? t('in use') : undefined, isLoaded ? t('loaded') : undefined];
    item.accessibilityInformation = {
      label: [source.id, ...state, item.description.replace('✓ · ', '')].filter(Boolean).join(', '),
    };
    return item;
  }

  private downloadItem({ plan }: DownloadRow): vscode.TreeItem {
    const { t } = vscode.l10n;
    const running = this.downloads.progressOf(plan.id);
    const item = new vscode.TreeItem(`${plan.id} ${plan.dtype}`, vscode.TreeItemCollapsibleState.None);
    item.id = plan.work;
    item.description =
      running ?? `${t('Paused')} · ${t('{0} of {1}', amountOf(plan.bytes), amountOf(plan.total))}`;
    item.tooltip = `${item.description}\n${plan.work}`;
    item.iconPath = new vscode.ThemeIcon(running === undefined ? 'debug-pause' : 'loading~spin');
    item.contextValue = running === undefined ? 'download paused' : 'download running';
    return item;
  }

  private loadingFolders(): string[] {
    return this.activity.jobs
      .filter(({ method }) => method === 'models/load')
      .map(({ model }) => model.folder);
  }
}

const groupIcons: Readonly<Record<ModelGroup, string>> = {
  attention: 'eye',
  generation: 'edit',
  sentiment: 'smiley',
  pictures: 'file-media',
  translation: 'globe',
  other: 'package',
};

function groupName(group: ModelGroup): string {
  const { t } = vscode.l10n;
  switch (group) {
    case 'attention':
      return t('Attention and masks');
    case 'generation':
      return t('Generation');
    case 'sentiment':
      return t('Sentiment');
    case 'pictures':
      return t('Images');
    case 'translation':
      return t('Translation');
    case 'other':
      return t('Other');
  }
}
