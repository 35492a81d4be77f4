import * as vscode from 'vscode';
import { notesOf } from '../report/notes';
import { textOf } from './fileText';
import { writeFile } from './savedFile';

/** What a person wrote into the report that stands there; undefined where there is none. */
export async function notesIn(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return notesOf(await textOf(uri));
  } catch {
    // No file there yet.
    return undefined;
  }
}

/** Writes a report and opens it: Markdown in the editor with its preview beside it, HTML in the browser. */
export async function writeReportFile(uri: vscode.Uri, text: string, format: 'md' | 'html'): Promise<void> {
  await writeFile(uri, text);
  if (format === 'html') {
    await vscode.env.openExternal(uri);
    return;
  }
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: true });
  await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
}
