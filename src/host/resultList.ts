import * as vscode from 'vscode';
import { notify, notifyFailure } from './notify';

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
  readonly onClosed?: () => void;
}

/**
 * Shows what was measured until it is closed; Enter on a line copies it or does what the line says. Does not wait
 * for that: whoever ran the command would wait as long.
 */
export function showResults(list: ResultList, log: vscode.LogOutputChannel): void {
  const picker = vscode.window.createQuickPick<ResultItem>();
  picker.title = list.title;
  picker.placeholder = list.placeholder;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = list.items;
  picker.onDidChangeActive(([active]) => {
    if (active) {
      list.onActive?.(active);
    }
  });
  picker.onDidAccept(() => {
    const [selected] = picker.selectedItems;
    if (selected) {
      picker.hide();
      take(selected).catch((error: unknown) => notifyFailure(error, log));
    }
  });
  picker.onDidHide(() => {
    picker.dispose();
    list.onClosed?.();
  });
  picker.show();
}

async function take({ copies, run }: ResultItem): Promise<void> {
  if (copies !== undefined) {
    await vscode.env.clipboard.writeText(copies);
    notify(vscode.l10n.t('Copied.'));
  }
  await run?.();
}
