import * as vscode from 'vscode';
import { toScopeError } from '../protocol/errors';
import { notify } from './notify';

/** Asks where a file goes, in the workspace first. @returns undefined when the person decided otherwise */
export async function pickFile(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {});
}

/** Writes a file that is not open in an editor; a string as UTF-8. @throws {ScopeError} `writeFailed` */
export async function writeFile(uri: vscode.Uri, content: string | Uint8Array): Promise<void> {
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await vscode.workspace.fs.writeFile(uri, bytes);
  } catch (error) {
    throw toScopeError(error, 'writeFailed');
  }
}

/**
 * Asks where a file goes and writes it.
 * @returns where it was written; undefined when the person decided otherwise
 * @throws {ScopeError} `writeFailed`
 */
export async function saveAs(name: string, content: string | Uint8Array): Promise<vscode.Uri | undefined> {
  const uri = await pickFile(name);
  if (uri) {
    await writeFile(uri, content);
  }
  return uri;
}

/** A title as the beginning of a file's name, on every system; of an empty one `study`. */
export function fileNameOf(title: string): string {
  return title.replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 60) || 'study';
}

/** The same, and offers to open what was written. @returns whether it was written */
export async function saveFile(name: string, content: string | Uint8Array): Promise<boolean> {
  const uri = await saveAs(name, content);
  if (!uri) {
    return false;
  }
  notify(vscode.l10n.t('Saved {0}', uri.path), {
    label: vscode.l10n.t('Open'),
    run: () => vscode.env.openExternal(uri),
  });
  return true;
}
