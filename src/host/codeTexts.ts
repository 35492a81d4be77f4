import * as vscode from 'vscode';
import type { CodeStep } from '../protocol/oneNumber';
import { textOf } from './fileText';

const scheme = 'transformer-scope-code';

/** The files of the transformer from scratch, to be read and not changed. */
export class CodeTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  constructor(private readonly extensionUri: vscode.Uri) {}

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const { codePlaces } = await import('./codePlaces');
    const file = Object.values(codePlaces).find((place) => path === `/${place.file}`)?.file;
    if (file === undefined) {
      throw vscode.FileSystemError.FileNotFound(path);
    }
    return textOf(vscode.Uri.joinPath(this.extensionUri, 'dist', 'scratch', file));
  }

  /** Shows the function of a step beside the page, with the comment above it in sight. */
  async show(step: CodeStep): Promise<void> {
    const { codePlaces, lineOfFunction } = await import('./codePlaces');
    const { file, name } = codePlaces[step];
    const uri = vscode.Uri.from({ scheme, path: `/${file}` });
    const document = await vscode.workspace.openTextDocument(uri);
    const line = Math.max(0, lineOfFunction(document.getText(), name));
    const start = document.lineAt(line).text.indexOf(name);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.One,
      preview: true,
    });
    editor.selection = new vscode.Selection(line, start, line, start + name.length);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  }

  dispose(): void {
    this.registration.dispose();
  }
}
