import * as vscode from 'vscode';
import { amountOf } from './amounts';
import { errorText } from './errorText';
import type { InferenceActivity } from './inferenceActivity';
import type { ModelDownloads } from './modelDownloads';
import type { ModelGroup } from './modelKinds';
import type { DownloadRow, GroupRow, ModelNode, ModelRow } from './modelRows';
import { modelTooltip, storageText } from './modelTooltip';

/** What of a model changes while it is listed. */
export interface ModelsAtWork {
  readonly activity: InferenceActivity;
  readonly downloads: ModelDownloads;
}

/** How a node of the models' tree looks. Loaded with the tree's first rows: most windows never show them. */
export function modelTreeItem(node: ModelNode, atWork: ModelsAtWork): vscode.TreeItem {
  switch (node.kind) {
    case 'group':
      return groupItem(node);
    case 'model':
      return modelItem(node, atWork);
    case 'download':
      return downloadItem(node, atWork);
  }
}

function groupItem({ group }: GroupRow): vscode.TreeItem {
  const item = new vscode.TreeItem(groupName(group), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${group}`;
  item.iconPath = new vscode.ThemeIcon(groupIcons[group]);
  item.contextValue = 'group';
  return item;
}

function modelItem(row: ModelRow, { activity }: ModelsAtWork): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { source, origin, uses } = row;
  const { memory } = activity;
  const isLoaded = memory?.models.some(({ folder }) => folder === source.folder) === true;
  const isLoading = activity.loadingFolders.includes(source.folder);
  const failed = activity.failureOf(source.folder);
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

function downloadItem({ plan }: DownloadRow, { downloads }: ModelsAtWork): vscode.TreeItem {
  const { t } = vscode.l10n;
  const running = downloads.progressOf(plan.id);
  const item = new vscode.TreeItem(`${plan.id} ${plan.dtype}`, vscode.TreeItemCollapsibleState.None);
  item.id = plan.work;
  item.description =
    running ?? `${t('Paused')} · ${t('{0} of {1}', amountOf(plan.bytes), amountOf(plan.total))}`;
  item.tooltip = `${item.description}\n${plan.work}`;
  item.iconPath = new vscode.ThemeIcon(running === undefined ? 'debug-pause' : 'loading~spin');
  item.contextValue = running === undefined ? 'download paused' : 'download running';
  return item;
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
