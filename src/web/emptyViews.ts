import * as vscode from 'vscode';
import { historyViewId, inBrowserContext, modelsViewId } from '../host/ids';

/** Views that list what lies on a machine are empty in the browser; the manifest's welcome says so in them. */
export function emptyViews(): vscode.Disposable {
  const nothing: vscode.TreeDataProvider<never> = { getChildren: () => [], getTreeItem: (item) => item };
  void vscode.commands.executeCommand('setContext', inBrowserContext, true);
  return vscode.Disposable.from(
    vscode.window.registerTreeDataProvider(modelsViewId, nothing),
    vscode.window.registerTreeDataProvider(historyViewId, nothing),
  );
}
