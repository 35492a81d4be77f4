import * as vscode from 'vscode';
import type { PageParts } from './standaloneHtml';

/** Reads the built files of the attention page. */
export async function pageParts(extensionUri: vscode.Uri): Promise<PageParts> {
  const read = (name: string): Thenable<Uint8Array> =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', 'pages', name));
  const [script, style, standalone, font] = await Promise.all([
    read('attention.js'),
    read('attention.css'),
    read('standalone.js'),
    read('codicon.ttf'),
  ]);
  const text = new TextDecoder();
  return {
    script: text.decode(script),
    style: text.decode(style),
    standalone: text.decode(standalone),
    font,
  };
}
