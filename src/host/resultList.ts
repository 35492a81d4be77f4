import * as vscode from 'vscode';
import { notify } from './notify';

/** One line of a result. */
export interface ResultItem extends vscode.QuickPickItem {
  /** What Enter puts on the clipboard; a line without it does something else, or nothing. */
  readonly copies?: string;
  readonly run?: () => unknown;
}

export interface ResultList {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly ResultItem[];
  /** Called with the line that is looked at. */
  readonly onActive?: (item: ResultItem) => void;
}

/** Shows what was measured until it is closed; Enter on a line copies it or does what the line says. */
export async function showResults(list: ResultList): Promise<void> {
  const picker = vscode.window.createQuickPick<ResultItem>();
  picker.title = list.title;
  picker.placeholder = list.placeholder;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = list.items;
  const closed = new Promise<ResultItem | undefined>((resolve) => {
    picker.onDidAccept(() => {
      const [selected] = picker.selectedItems;
      if (selected) {
        resolve(selected);
      }
    });
    picker.onDidHide(() => resolve(undefined));
  });
  picker.onDidChangeActive(([active]) => {
    if (active) {
      list.onActive?.(active);
    }
  });
  picker.show();
  const picked = await closed;
  picker.dispose();
  if (picked?.copies !== undefined) {
    await vscode.env.clipboard.writeText(picked.copies);
    notify(vscode.l10n.t('Copied.'));
  }
  await picked?.run?.();
}
