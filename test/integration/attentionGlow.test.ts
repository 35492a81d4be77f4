import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/** Lights attention up in the document and follows the cursor, inside real VS Code. */

describe('Light Up Attention in the Editor', function () {
  this.timeout(60_000);
  let api: ExtensionApi;
  let editor: vscode.TextEditor;
  const text = 'The cat sat on the mat.';

  before(async () => {
    api = (await theExtension()).exports;
    editor = await showText(`# Title\n\n${text}\n`, 'markdown');
  });
  after(closeEditors);

  const cursorTo = (word: string): void => {
    const at = editor.document.positionAt(editor.document.getText().indexOf(word) + 1);
    editor.selection = new vscode.Selection(at, at);
  };
  const lit = async (word: string): Promise<Float32Array> => {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const state = api.attentionState();
      const glow = api.glow();
      if (glow && state.kind === 'ready' && state.view.tokens[glow.query]?.text === word) {
        return glow.row;
      }
      assert.ok(Date.now() < deadline, `waited for ${word} to be lit`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const dark = async (): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (api.glow()) {
      assert.ok(Date.now() < deadline, 'waited for dark');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };

  it('analyses the paragraph and lights up the row of the token under the cursor', async () => {
    cursorTo('cat');
    await vscode.commands.executeCommand('transformerScope.lightUpAttention');
    const row = await lit('cat');
    const sum = row.reduce((total, weight) => total + weight, 0);
    assert.ok(Math.abs(sum - 1) < 1e-3, `the row sums to ${sum}`);
  });

  it('shows the head that the panel shows', async () => {
    const state = api.attentionState();
    assert.equal(state.kind, 'ready');
    const { view } = state as Extract<typeof state, { kind: 'ready' }>;
    const patience = Date.now() + 10_000;
    while (api.headOnScreen()?.runId !== view.runId) {
      assert.ok(Date.now() < patience, 'waited for the page to ask for a head of this run');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const asked = api.headOnScreen();
    assert.ok(asked);
    const n = view.tokens.length;
    const head = new Float32Array(await api.attentionHead(asked));
    const deadline = Date.now() + 10_000;
    for (;;) {
      const glow = api.glow();
      assert.ok(glow);
      const expected = head.slice(glow.query * n, (glow.query + 1) * n);
      if (expected.every((weight, index) => weight === glow.row[index])) {
        return;
      }
      assert.ok(Date.now() < deadline, 'waited for the head of the panel');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('follows the cursor, and is dark outside the text', async () => {
    cursorTo('mat');
    await lit('mat');
    cursorTo('Title');
    await dark();
    cursorTo('sat');
    await lit('sat');
  });

  it('goes dark when the text is edited, since the numbers are of the old one', async () => {
    await editor.edit((builder) => builder.insert(new vscode.Position(2, 0), 'Now '));
    await dark();
    await vscode.commands.executeCommand('undo');
    cursorTo('cat');
    await lit('cat');
  });

  it('is cleared by its command and stays so', async () => {
    await vscode.commands.executeCommand('transformerScope.clearMarks');
    await dark();
    cursorTo('mat');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(api.glow(), undefined);
  });
});
