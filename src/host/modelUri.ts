import * as vscode from 'vscode';

/** How a model's folder is written: as a path where it lies on this machine, as an address elsewhere (in the browser). */
export function folderOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** The reverse of {@link folderOf}. */
export function uriOfFolder(folder: string): vscode.Uri {
  // A single letter before the colon is a drive.
  return /^[a-z][\w.+-]+:\/\//i.test(folder) ? vscode.Uri.parse(folder) : vscode.Uri.file(folder);
}
