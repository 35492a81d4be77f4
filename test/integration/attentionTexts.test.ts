import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/** Two selections as a pair, and a translation with its three stacks, inside real VS Code. */
describe('Visualize Attention of two texts', function () {
  this.timeout(60_000);
  const text = 'The cat sat on the mat.\n\nSomething else.\n\nIt was tired.\n';
  let api: ExtensionApi;
  let editor: vscode.TextEditor;

  before(async () => {
    api = (await theExtension()).exports;
    editor = await showText(text, 'markdown');
  });
  after(async () => {
    await vscode.workspace
      .getConfiguration('transformerScope')
      .update('model', undefined, vscode.ConfigurationTarget.Global);
    await closeEditors();
  });

  const selectionOf = (part: string): vscode.Selection => {
    const start = text.indexOf(part);
    const { document } = editor;
    return new vscode.Selection(document.positionAt(start), document.positionAt(start + part.length));
  };
  const ready = (): AttentionView => {
    const state = api.attentionState();
    assert.equal(state.kind, 'ready', JSON.stringify(state));
    return (state as Extract<typeof state, { kind: 'ready' }>).view;
  };

  it('takes two selections as the model’s own pair', async () => {
    editor.selections = [selectionOf('It was tired.'), selectionOf('The cat sat on the mat.')];
    await vscode.commands.executeCommand('transformerScope.visualizeAttention');
    const view = ready();
    assert.equal(view.text, 'The cat sat on the mat.');
    assert.equal(view.second, 'It was tired.');
    const { secondFrom = 0, tokens } = view;
    assert.equal(tokens[secondFrom]?.text, 'It');
    assert.deepEqual(
      [tokens[0]?.special, tokens[secondFrom - 1]?.special, tokens.at(-1)?.special],
      [true, true, true],
    );
    assert.deepEqual([view.source.startLine, view.source.endLine], [1, 5]);
  });

  it('lights up the second text from the first, where each stands', async () => {
    await vscode.commands.executeCommand('transformerScope.lightUpAttention');
    const at = editor.document.positionAt(text.indexOf('tired') + 1);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    editor.selection = new vscode.Selection(at, at);
    const deadline = Date.now() + 20_000;
    while (ready().tokens[api.glow()?.query ?? -1]?.text !== 'tired') {
      assert.ok(Date.now() < deadline, 'waited for the token under the cursor');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const row = api.glow()?.row ?? new Float32Array();
    assert.equal(row.length, ready().tokens.length);
    await vscode.commands.executeCommand('transformerScope.clearMarks');
  });

  it('translates with an encoder-decoder and answers each of its stacks', async () => {
    await vscode.workspace
      .getConfiguration('transformerScope')
      .update('model', 'scope-seq2seq', vscode.ConfigurationTarget.Global);
    editor.selections = [selectionOf('The cat sat on the mat.')];
    await vscode.commands.executeCommand('transformerScope.visualizeAttention');
    const view = ready();
    assert.match(view.written ?? '', /[\u4e00-\u9fff]/);
    const { secondFrom = 0, stacks = [] } = view;
    assert.deepEqual(
      stacks.map((stack) => stack.name),
      ['encoder', 'decoder', 'cross'],
    );
    const [source, target] = [secondFrom, view.tokens.length - secondFrom];
    for (const { name, runId } of stacks) {
      const weights = new Float32Array(await api.attentionHead({ runId, layer: 0, head: 0 }));
      const queries = name === 'encoder' ? source : target;
      const keys = name === 'decoder' ? target : source;
      assert.equal(weights.length, queries * keys, name);
      const sum = weights.subarray(0, keys).reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-3, `${name}: the row sums to ${sum}`);
    }
  });
});
