import * as vscode from 'vscode';

/** Marks in an editor what a list beside it is about, and brings it into view. */
export class RangeMark implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
    border: '1px solid',
    borderColor: new vscode.ThemeColor('editor.findMatchBorder'),
    borderRadius: '2px',
  });

  constructor(private readonly editor: vscode.TextEditor) {}

  /** Replaces what was marked. */
  show(...ranges: readonly vscode.Range[]): void {
    this.editor.setDecorations(this.decoration, ranges);
    const [first] = ranges;
    if (first) {
      this.editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  dispose(): void {
    this.decoration.dispose();
  }
}
