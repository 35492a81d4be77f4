import * as vscode from 'vscode';
import { notesOf } from '../report/notes';
import { ScopeError } from '../protocol/errors';

/** Asks where a report goes. @returns undefined when the person decided otherwise */
export async function pickReportFile(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {});
}

/** What a person wrote into the report that stands there; undefined where there is none. */
export async function notesIn(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return notesOf(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
  } catch {
    // No file there yet.
    return undefined;
  }
}

/** Writes a report and opens it: Markdown in the editor with its preview beside it, HTML in the browser. */
export async function writeReportFile(uri: vscode.Uri, text: string, format: 'md' | 'html'): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (error) {
    throw new ScopeError('writeFailed', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
  if (format === 'html') {
    await vscode.env.openExternal(uri);
    return;
  }
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: true });
  await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
}
