import * as vscode from 'vscode';
import {
  attentionViewType,
  compareViewType,
  imageViewType,
  promptViewType,
  trainViewType,
} from '../host/ids';

interface Restores {
  restore(panel: vscode.WebviewPanel): Promise<void>;
}

/** Hands the panels that VS Code kept over a restart to those who fill them. */
export function restorePanels(by: {
  readonly attention: Restores;
  readonly comparison: Restores;
  readonly prompts: Restores;
  readonly images: Restores;
  readonly training: Restores;
}): vscode.Disposable {
  const register = (viewType: string, owner: Restores): vscode.Disposable =>
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (restored) => owner.restore(restored),
    });
  return vscode.Disposable.from(
    register(attentionViewType, by.attention),
    register(compareViewType, by.comparison),
    register(promptViewType, by.prompts),
    register(imageViewType, by.images),
    register(trainViewType, by.training),
  );
}
