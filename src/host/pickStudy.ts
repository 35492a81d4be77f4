import * as vscode from 'vscode';

/** Asks which study file to open. */
export async function pickStudy(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: false,
    filters: { [vscode.l10n.t('Prompt studies')]: ['yaml', 'yml'] },
    openLabel: vscode.l10n.t('Open Study'),
  });
  return picked?.[0];
}
