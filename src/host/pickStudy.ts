import * as vscode from 'vscode';
import type { KeptStudy } from '../archive/keptStudy';

interface StudyItem extends vscode.QuickPickItem {
  readonly id?: string;
}

/** Asks which study to open: one that is kept, or a file. */
export async function pickStudy(
  kept: readonly KeptStudy[],
): Promise<{ readonly id: string } | { readonly uri: vscode.Uri } | undefined> {
  const file: StudyItem = { label: `$(folder-opened) ${vscode.l10n.t('A file…')}` };
  const items = kept.map(({ id, title, input, numAnswers, changed }): StudyItem => ({
    label: title === '' ? firstLine(input) : title,
    description: vscode.l10n.t('{0} answers', numAnswers),
    detail: `${new Date(changed).toLocaleString(vscode.env.language)} · ${firstLine(input)}`,
    id,
  }));
  if (items.length === 0) {
    return pickFile();
  }
  const picked = await vscode.window.showQuickPick([file, ...items], {
    title: vscode.l10n.t('Open a Prompt Study'),
    placeHolder: vscode.l10n.t('The last studies are kept with every finished answer'),
    matchOnDetail: true,
  });
  if (!picked) {
    return undefined;
  }
  return picked.id === undefined ? pickFile() : { id: picked.id };
}

async function pickFile(): Promise<{ readonly uri: vscode.Uri } | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: false,
    filters: { [vscode.l10n.t('Prompt studies')]: ['yaml', 'yml'] },
    openLabel: vscode.l10n.t('Open Study'),
  });
  return picked?.[0] && { uri: picked[0] };
}

function firstLine(text: string): string {
  return (text.trim().split(/\r?\n/)[0] ?? '').slice(0, 80);
}
