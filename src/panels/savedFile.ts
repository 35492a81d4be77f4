import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';

/**
 * Asks where a file goes and writes it; offers to open it.
 * @returns whether it was written
 * @throws {ScopeError} `writeFailed`
 */
export async function saveFile(name: string, content: Uint8Array): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog(
    folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {},
  );
  if (!uri) {
    return false;
  }
  try {
    await vscode.workspace.fs.writeFile(uri, content);
  } catch (error) {
    throw new ScopeError('writeFailed', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
  const open = vscode.l10n.t('Open');
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}', uri.path), open).then((picked) => {
    if (picked === open) {
      void vscode.env.openExternal(uri);
    }
  });
  return true;
}
