import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';

/** Remembers the last text editor, since none is active while a panel has the focus. */
export class EditorTracker implements vscode.Disposable {
  private last = vscode.window.activeTextEditor;
  private readonly subscription = vscode.window.onDidChangeActiveTextEditor((editor) => {
    this.last = editor ?? this.last;
  });

  /** The active editor, or the last active one that is still open. */
  current(): vscode.TextEditor | undefined {
    const last = this.last && vscode.window.visibleTextEditors.includes(this.last) ? this.last : undefined;
    return vscode.window.activeTextEditor ?? last ?? vscode.window.visibleTextEditors[0];
  }

  /** The same where there has to be one. @throws {ScopeError} `noEditor` */
  inUse(): vscode.TextEditor {
    const editor = this.current();
    if (!editor) {
      throw new ScopeError('noEditor');
    }
    return editor;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
