import * as vscode from 'vscode';
import { notify } from './notify';

/** Shows a folder in the system's file manager; where there is none to ask, puts its path on the clipboard. */
export async function revealFolder(folder: string): Promise<void> {
  const { t } = vscode.l10n;
  try {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
  } catch {
    // A VS Code in the browser has no such command.
    await vscode.env.clipboard.writeText(folder);
    notify(t('No file manager can be opened from here. The path is on the clipboard: {0}', folder));
  }
}
