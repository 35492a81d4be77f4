import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/**
 * Shows a new untitled document under a name that no other had. The workbench's own names come again at once
 * while the closed document still goes, and then the new one has the old text, or never shows.
 */
export async function showText(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.from({ scheme: 'untitled', path: `Untitled-${process.hrtime.bigint()}` });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, language);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), content);
  await vscode.workspace.applyEdit(edit);
  assert.equal(document.getText(), content);
  return vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

/** Closes every editor and panel, and waits until they are gone. */
export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const deadline = Date.now() + 20_000;
  for (;;) {
    const open = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
    if (open.length === 0) {
      return;
    }
    assert.ok(Date.now() < deadline, `still open: ${open.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
