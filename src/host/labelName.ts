import * as vscode from 'vscode';

/** A label as people call it: that of a model, save for the two that every classifier of reviews has. */
export function labelName(label: string): string {
  switch (label.toLowerCase()) {
    case 'positive':
      return vscode.l10n.t('positive');
    case 'negative':
      return vscode.l10n.t('negative');
    default:
      return label;
  }
}
