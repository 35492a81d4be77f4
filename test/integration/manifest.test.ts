import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the manifest in a running VS Code', () => {
  it('has every command of it registered', async () => {
    const extension = vscode.extensions.getExtension('transformer-scope.transformer-scope');
    await extension?.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    for (const { command } of manifest.contributes.commands) {
      assert.ok(registered.has(command), command);
    }
  });
});
