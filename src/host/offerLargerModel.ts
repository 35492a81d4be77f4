import * as vscode from 'vscode';
import { commandIds } from './ids';
import type { Models } from './models';

/** A line at the end of a list, shown once in a lifetime. */
export interface Offer {
  readonly item: vscode.QuickPickItem;
  shown(): void;
  accept(): Thenable<unknown>;
}

const memoryKey = 'largerModelOffered';

/** Where a bundled model predicts words, a larger one would do it better: said once, then never again. */
export function offerLargerModel(memory: vscode.Memento, models: Models): Offer | undefined {
  const isBundled = !/[\\/]/.test(models.setting());
  if (!isBundled || memory.get(memoryKey) === true) {
    return undefined;
  }
  return {
    item: {
      label: `$(cloud-download) ${vscode.l10n.t('A larger model knows more words…')}`,
      detail: vscode.l10n.t('“Choose Model…” lists some with their size. This hint is shown only once.'),
    },
    shown: () => void memory.update(memoryKey, true),
    accept: () => vscode.commands.executeCommand(commandIds.chooseModel),
  };
}
