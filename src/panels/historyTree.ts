import * as vscode from 'vscode';
import { commandIds } from '../host/ids';
import { type KeptStudy, withoutFile } from '../archive/keptStudy';
import type { StudyArchive } from '../archive/studyArchive';
import { tooltipOf } from '../host/tooltip';
import type { History } from './history';
import { type HistoryEntry, oneLine, textOf, titleOf } from './historyEntry';
import { maxEntries } from './historyStore';

/** What happened on one day. */
export interface DayRow {
  readonly kind: 'day';
  /** Its first moment here, in milliseconds since 1970. */
  readonly start: number;
  readonly rows: readonly (EntryRow | StudyRow)[];
}

export interface EntryRow {
  readonly kind: 'entry';
  readonly entry: HistoryEntry;
}

/** A prompt study, which the archive keeps. */
export interface StudyRow {
  readonly kind: 'study';
  readonly study: KeptStudy;
}

export type HistoryNode = DayRow | EntryRow | StudyRow;

/** What was looked at, compared and asked, by day. */
export class HistoryTree implements vscode.TreeDataProvider<HistoryNode>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly subscriptions: vscode.Disposable[] = [this.emitter];
  /** What there is to say about the whole, once it is listed. */
  onMessage: (message: string | undefined) => void = () => undefined;

  constructor(
    private readonly history: History,
    private readonly journal: StudyArchive,
    studiesChanged: vscode.Event<void>,
  ) {
    this.subscriptions.push(
      history.onDidChange(() => this.redraw()),
      // That answers are added changes no row worth a look.
      studiesChanged(() => this.redraw()),
    );
  }

  redraw(): void {
    this.emitter.fire(undefined);
  }

  async getChildren(node?: HistoryNode): Promise<HistoryNode[]> {
    if (node) {
      return node.kind === 'day' ? [...node.rows] : [];
    }
    const [entries, studies] = await Promise.all([this.history.list(), this.journal.recent()]);
    this.onMessage(fullMessage(entries.length, this.history.numDropped));
    const rows: (EntryRow | StudyRow)[] = [
      ...entries.map((entry): EntryRow => ({ kind: 'entry', entry })),
      ...withoutFile(studies).map((study): StudyRow => ({ kind: 'study', study })),
    ].sort((a, b) => timeOf(b) - timeOf(a));
    const days = [...new Set(rows.map((row) => dayOf(timeOf(row))))];
    return days.map((start) => ({
      kind: 'day',
      start,
      rows: rows.filter((row) => dayOf(timeOf(row)) === start),
    }));
  }

  getTreeItem(node: HistoryNode): vscode.TreeItem {
    switch (node.kind) {
      case 'day': {
        const item = new vscode.TreeItem(dayName(node.start), vscode.TreeItemCollapsibleState.Expanded);
        item.id = `day ${node.start}`;
        item.contextValue = 'day';
        return item;
      }
      case 'entry':
        return open(entryItem(node.entry), node);
      case 'study':
        return open(studyItem(node.study), node);
    }
  }

  dispose(): void {
    this.subscriptions.forEach((each) => {
      each.dispose();
    });
  }
}

/** Opens a row when it is chosen. */
function open(item: vscode.TreeItem, node: EntryRow | StudyRow): vscode.TreeItem {
  item.command = { command: commandIds.openHistory, title: vscode.l10n.t('Open'), arguments: [node] };
  return item;
}

function entryItem(entry: HistoryEntry): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { content } = entry;
  const item = new vscode.TreeItem(titleOf(entry));
  item.id = entry.id;
  const isPicture = content.kind === 'attention' && 'picture' in content.subject;
  const models =
    content.kind === 'comparison'
      ? `${content.request.models.left.id} ↔ ${content.request.models.right.id}`
      : content.model.id;
  item.description = `${models} · ${clock(entry.time)}`;
  const [icon, kind] = isPicture
    ? (['file-media', t('Attention of a picture')] as const)
    : content.kind === 'attention'
      ? (['eye', t('Attention')] as const)
      : (['split-horizontal', t('Comparison')] as const);
  item.iconPath = new vscode.ThemeIcon(icon);
  const text = textOf(content);
  item.tooltip = tooltipOf(kind, [
    text ? excerpt(text.text) : titleOf(entry),
    models,
    text && text.uri !== '' ? t('{0}, line {1}', text.name, text.startLine) : undefined,
    new Date(entry.time).toLocaleString(vscode.env.language),
    entry.dropped === undefined
      ? undefined
      : t('The text was longer: {0} characters of it are not kept.', entry.dropped),
  ]);
  item.contextValue = `entry ${content.kind}`;
  item.accessibilityInformation = { label: `${kind}: ${titleOf(entry)}, ${item.description}` };
  return item;
}

/** What a study is called: by its author, else by the beginning of what was asked. */
export function studyTitle({ title, input }: KeptStudy): string {
  return title === '' ? oneLine(input) : title;
}

function studyItem(study: KeptStudy): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { id, input, numAnswers, changed } = study;
  const item = new vscode.TreeItem(studyTitle(study));
  item.id = `study ${id}`;
  item.description = `${t('{0} answers', numAnswers)} · ${clock(changed)}`;
  item.iconPath = new vscode.ThemeIcon('beaker');
  const time = new Date(changed).toLocaleString(vscode.env.language);
  item.tooltip = tooltipOf(t('Prompt study'), [excerpt(input), time]);
  item.contextValue = 'study';
  return item;
}

function fullMessage(numEntries: number, numDropped: number): string | undefined {
  if (numEntries < maxEntries) {
    return undefined;
  }
  const { t } = vscode.l10n;
  return numDropped === 0
    ? t('The last {0} are kept; older ones give way to new ones.', maxEntries)
    : t('The last {0} are kept; {1} older ones gave way to new ones.', maxEntries, numDropped);
}

function timeOf(row: EntryRow | StudyRow): number {
  return row.kind === 'entry' ? row.entry.time : row.study.changed;
}

function dayOf(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

function dayName(start: number): string {
  const days = Math.round((dayOf(Date.now()) - start) / 86_400_000);
  if (days === 0 || days === 1) {
    return days === 0 ? vscode.l10n.t('Today') : vscode.l10n.t('Yesterday');
  }
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return new Date(start).toLocaleDateString(vscode.env.language, options);
}

function clock(time: number): string {
  const options = { hour: '2-digit', minute: '2-digit' } as const;
  return new Date(time).toLocaleTimeString(vscode.env.language, options);
}

function excerpt(text: string): string {
  const start = [...text.slice(0, 1200)].slice(0, 400).join('');
  return start.length < text.length ? `${start}…` : start;
}
