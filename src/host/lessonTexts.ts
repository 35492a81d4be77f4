import * as vscode from 'vscode';
import type { Bilingual, StepAction } from '../learn/course';
import { readersLanguage } from './readersLanguage';

const scheme = 'transformer-scope-lesson';

/** The texts of the course as documents that need no saving; what is written into stands in untitled ones. */
export class LessonTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  /** Shows a text in the first column, with what a command is to act on selected. */
  async open(
    name: string,
    text: string,
    select: NonNullable<Extract<StepAction, { kind: 'command' }>['select']>,
    write: boolean,
  ): Promise<vscode.TextEditor> {
    const document = await (write
      ? vscode.workspace.openTextDocument({ content: text, language: 'markdown' })
      : this.readOnly(name, text));
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    editor.selections = selectionsIn(document, select);
    return editor;
  }

  dispose(): void {
    this.registration.dispose();
  }

  private async readOnly(name: string, text: string): Promise<vscode.TextDocument> {
    const path = `/${name}.md`;
    this.texts.set(path, text);
    return vscode.workspace.openTextDocument(vscode.Uri.from({ scheme, path }));
  }
}

function selectionsIn(document: vscode.TextDocument, select: 'all' | 'lines' | 'end'): vscode.Selection[] {
  const last = document.lineAt(document.lineCount - 1).range.end;
  switch (select) {
    case 'all':
      return [new vscode.Selection(new vscode.Position(0, 0), last)];
    case 'end':
      return [new vscode.Selection(last, last)];
    case 'lines':
      return Array.from({ length: document.lineCount }, (_, line) => {
        const { start, end } = document.lineAt(line).range;
        return new vscode.Selection(start, end);
      });
  }
}

/** A text of the course in the language of the workbench. */
export function inReadersLanguage(text: Bilingual): string {
  return text[readersLanguage()];
}
