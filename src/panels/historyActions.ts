import * as vscode from 'vscode';
import { notify } from '../host/notify';
import { readersLanguage } from '../host/readersLanguage';
import { fileNameOf, saveFile } from '../host/savedFile';
import type { StudyArchive } from '../archive/studyArchive';
import { type ExportFormat, exportFormats } from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { AttentionPanel } from './attentionPanel';
import type { ComparePanel } from './comparePanel';
import type { History } from './history';
import { titleOf } from './historyEntry';
import { type EntryRow, type HistoryNode, type StudyRow, studyTitle } from './historyTree';
import type { PromptPanel } from './promptPanel';

/** What can be done with a row of the history. */
export class HistoryActions {
  constructor(
    private readonly history: History,
    private readonly journal: StudyArchive,
    private readonly panels: {
      readonly attention: AttentionPanel;
      readonly comparison: ComparePanel;
      readonly prompts: PromptPanel;
    },
    /** The list has to be read anew. */
    private readonly changed: () => void,
  ) {}

  /** Shows it again as it was left. Resolves when it is computed. */
  async open(row: EntryRow | StudyRow): Promise<void> {
    const { attention, comparison, prompts } = this.panels;
    if (row.kind === 'study') {
      return prompts.openKept(row.study.id);
    }
    const { content, look } = row.entry;
    return content.kind === 'attention' ? attention.reopen(content, look) : comparison.reopen(content, look);
  }

  /** Asks for another name. */
  async rename(row: EntryRow | StudyRow): Promise<void> {
    const { t } = vscode.l10n;
    const name = await vscode.window.showInputBox({
      title: t('Rename'),
      prompt: t('Leave it empty to use the beginning of the text.'),
      value: row.kind === 'entry' ? titleOf(row.entry) : studyTitle(row.study),
    });
    if (name === undefined) {
      return;
    }
    if (row.kind === 'entry') {
      await this.history.rename(row.entry.id, name);
    } else {
      await this.renameStudy(row.study.id, name.trim());
    }
  }

  /** Deletes a row, or all of a day; the message brings it back. */
  async remove(node: HistoryNode): Promise<void> {
    const rows = node.kind === 'day' ? node.rows : [node];
    await this.removeAll(rows);
  }

  /** Asks what is to be forgotten, and forgets it. */
  async clear(): Promise<void> {
    const { t } = vscode.l10n;
    const [entries, studies] = await Promise.all([this.history.list(), this.journal.recent()]);
    const seen = entries.map((entry): EntryRow => ({ kind: 'entry', entry }));
    const asked = studies.map((study): StudyRow => ({ kind: 'study', study }));
    const items = [
      {
        label: `$(trash) ${t('Everything')}`,
        description: t('{0} analyses and comparisons, {1} prompt studies', seen.length, asked.length),
        rows: [...seen, ...asked],
      },
      {
        label: `$(trash) ${t('Analyses and comparisons')}`,
        description: t('{0}; prompt studies with their answers stay', seen.length),
        rows: seen,
      },
    ];
    const picked = await vscode.window.showQuickPick(items, { title: t('Clear History') });
    if (picked) {
      await this.removeAll(picked.rows);
    }
  }

  /** Writes it as a file, in one of the ways of its page. */
  async export(row: EntryRow | StudyRow): Promise<void> {
    if (row.kind === 'study') {
      return this.exportStudy(row.study.id);
    }
    const { content } = row.entry;
    if (content.kind === 'comparison') {
      const report = await pickReport<never>([]);
      if (report) {
        await this.open(row);
        await this.panels.comparison.exportReport(report, readersLanguage());
      }
      return;
    }
    const format = await pickViewFormat();
    if (format) {
      await this.open(row);
      // What went wrong stands in the panel.
      if (this.panels.attention.state.kind === 'ready') {
        await this.panels.attention.saveAs(format);
      }
    }
  }

  private async exportStudy(id: string): Promise<void> {
    const picked = await pickReport<'yaml'>([
      { label: `$(file-code) ${vscode.l10n.t('The study itself')}`, description: 'YAML', format: 'yaml' },
    ]);
    if (!picked) {
      return;
    }
    if (picked !== 'yaml') {
      await this.panels.prompts.openKept(id);
      await this.panels.prompts.exportReport(picked, readersLanguage());
      return;
    }
    const kept = await this.journal.read(id);
    if (!kept) {
      throw new ScopeError('studyUnreadable', id);
    }
    const name = `${fileNameOf(kept.study.title)}.prompt.yaml`;
    const { writeStudy } = await import('../prompts/studyFile');
    await saveFile(name, writeStudy(kept));
  }

  private async renameStudy(id: string, title: string): Promise<void> {
    const open = this.panels.prompts.current;
    const kept = await this.journal.read(id);
    if (open?.study?.id === id) {
      await open.edit({ ...open.study, title });
    } else if (kept) {
      await this.journal.add(id, { study: { ...kept.study, title } });
    }
    this.changed();
  }

  private async removeAll(rows: readonly (EntryRow | StudyRow)[]): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    const ids = rows.flatMap((row) => (row.kind === 'entry' ? [row.entry.id] : []));
    const studies = rows.flatMap((row) => (row.kind === 'study' ? [row.study.id] : []));
    const restores = [await this.history.remove(ids)];
    for (const id of studies) {
      restores.push(await this.journal.remove(id));
    }
    this.changed();
    const { t } = vscode.l10n;
    const undo = async (): Promise<void> => {
      for (const restore of restores) {
        await restore();
      }
      this.changed();
    };
    const [first] = rows;
    const message =
      rows.length === 1 && first
        ? t(
            'Removed from the history: {0}',
            first.kind === 'entry' ? titleOf(first.entry) : studyTitle(first.study),
          )
        : t('{0} entries were removed from the history.', rows.length);
    notify(message, { label: t('Undo'), run: undo });
  }
}

type ReportFormat = 'md' | 'html';

interface FormatItem<F> extends vscode.QuickPickItem {
  readonly format: F;
}

async function pickReport<F extends string>(
  others: readonly FormatItem<F>[],
): Promise<F | ReportFormat | undefined> {
  const { t } = vscode.l10n;
  const items: FormatItem<F | ReportFormat>[] = [
    ...others,
    { label: `$(markdown) ${t('Report')}`, description: 'Markdown', format: 'md' },
    { label: `$(browser) ${t('Report')}`, description: 'HTML', format: 'html' },
  ];
  return (await vscode.window.showQuickPick(items, { title: t('Export') }))?.format;
}

async function pickViewFormat(): Promise<ExportFormat | undefined> {
  const { t } = vscode.l10n;
  const about: Readonly<Record<ExportFormat, string>> = {
    png: t('A picture of what is shown'),
    svg: t('A scalable picture of what is shown'),
    csv: t('The weights shown, as a table'),
    json: t('The weights shown, with their tokens'),
    npy: t('All weights for NumPy'),
    html: t('A page that stays interactive without VS Code'),
  };
  const items = exportFormats.map((format) => ({
    label: format.toUpperCase(),
    description: about[format],
    format,
  }));
  return (await vscode.window.showQuickPick(items, { title: t('Export') }))?.format;
}
