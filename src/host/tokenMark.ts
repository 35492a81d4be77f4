import * as vscode from 'vscode';
import { type AnalysedPlace, editorsOf, isInDocument, rangeIn } from './analysedPlace';

/** Marks in the document what the panel points at. */
export class TokenMark implements vscode.Disposable {
  /** Made with the first mark: most windows never see one. */
  private decoration: vscode.TextEditorDecorationType | undefined;
  private marked: readonly vscode.TextEditor[] = [];

  show(
    place: AnalysedPlace | undefined,
    range: { readonly start: number; readonly end: number } | null,
  ): void {
    this.clear();
    if (!place || !range || !isInDocument(place, range)) {
      return;
    }
    this.marked = editorsOf(place);
    this.decoration ??= vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
      border: '1px solid',
      borderColor: new vscode.ThemeColor('editor.findMatchBorder'),
      borderRadius: '2px',
    });
    for (const editor of this.marked) {
      const where = rangeIn(editor.document, place.source, range.start, range.end);
      editor.setDecorations(this.decoration, [where]);
    }
  }

  clear(): void {
    const { decoration } = this;
    if (decoration) {
      this.marked.forEach((editor) => editor.setDecorations(decoration, []));
    }
    this.marked = [];
  }

  dispose(): void {
    this.decoration?.dispose();
  }
}
