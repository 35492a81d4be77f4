import * as vscode from 'vscode';
import { readersLanguage } from './readersLanguage';

const sampleSentence = 'The cat sat on the mat';

/** Opens the sample text in the reader's language with a sentence selected, ready to be looked at. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const name = readersLanguage() === 'zh' ? 'chinese.md' : 'english.md';
  const uri = vscode.Uri.joinPath(extensionUri, 'media', 'sample', name);
  const document = await vscode.workspace.openTextDocument(uri);
  const start = document.getText().indexOf(sampleSentence);
  const range =
    start >= 0
      ? new vscode.Range(document.positionAt(start), document.positionAt(start + sampleSentence.length))
      : document.lineAt(Math.min(2, document.lineCount - 1)).range;
  await vscode.window.showTextDocument(document, { selection: range, viewColumn: vscode.ViewColumn.One });
}
