import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';

/**
 * Asks where a file goes and writes it.
 * @returns where it was written; undefined when the person decided otherwise
 * @throws {ScopeError} `writeFailed`
 */
export async function saveAs(name: string, content: Uint8Array): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog(
    folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {},
  );
  if (!uri) {
    return undefined;
  }
  try {
    await vscode.workspace.fs.writeFile(uri, content);
  } catch (error) {
    throw new ScopeError('writeFailed', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
  return uri;
}

/** The same, and offers to open what was written. @returns whether it was written */
export async function saveFile(name: string, content: Uint8Array): Promise<boolean> {
  const uri = await saveAs(name, content);
  if (!uri) {
    return false;
  }
  const open = vscode.l10n.t('Open');
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}', uri.path), open).then((picked) => {
    if (picked === open) {
      void vscode.env.openExternal(uri);
    }
  });
  return true;
}
