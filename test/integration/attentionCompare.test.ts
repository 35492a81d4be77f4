import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { AttentionState, AttentionView } from '../../src/protocol/attentionPage';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/** Two bundled models, and two texts, beside each other, inside real VS Code. */
describe('Compare attention', function () {
  this.timeout(60_000);
  const text = 'The cat sat on the mat.';
  let api: ExtensionApi;

  before(async () => {
    api = (await theExtension()).exports;
    await analyse(text);
  });
  after(async () => {
    await api.attention.compare({ with: 'nothing' });
    await closeEditors();
  });

  const analyse = async (content: string): Promise<void> => {
    const editor = await showText(content);
    editor.selection = new vscode.Selection(0, 0, 0, content.length);
    await vscode.commands.executeCommand('transformerScope.visualizeAttention');
  };
  const viewOf = (state: AttentionState | null): AttentionView => {
    assert.equal(state?.kind, 'ready', JSON.stringify(state).slice(0, 300));
    return (state as Extract<AttentionState, { kind: 'ready' }>).view;
  };
  const shown = (): AttentionView => viewOf(api.attentionState());
  const compared = (): AttentionView => viewOf(api.attention.comparedState);

  it('with another model that is picked from the list', async () => {
    const picking = api.attention.compare({ with: 'model' });
    // The list appears a moment later; the first model in it is the one in use.
    const deadline = Date.now() + 30_000;
    while (api.attention.comparedState === null) {
      assert.ok(Date.now() < deadline, 'waited for the list of models');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    await picking;
    assert.notEqual(compared().model.id, shown().model.id);
    assert.equal(compared().text, text);
    const { runId, tokens } = compared();
    const weights = new Float32Array(await api.attentionHead({ runId: shown().runId, layer: 0, head: 0 }));
    assert.equal(weights.length, shown().tokens.length ** 2);
    assert.notEqual(runId, shown().runId);
    assert.ok(tokens.length > 0);
  });

  it('follows to another text', async () => {
    const { id } = compared().model;
    await analyse('Birds sing in the morning.');
    assert.equal(compared().model.id, id);
    assert.equal(compared().text, 'Birds sing in the morning.');
  });

  it('exports both runs in one HTML file', async () => {
    const { runId } = shown();
    const content = new TextEncoder().encode(JSON.stringify({ theme: 'vscode-dark', style: {} })).buffer;
    const both = await api.exportedAttention({ runId, format: 'html', content });
    await api.attention.compare({ with: 'nothing' });
    const one = await api.exportedAttention({ runId, format: 'html', content });
    assert.ok(both.length > one.length + 1000, `${both.length} and ${one.length} bytes`);
  });

  it('exports one run for NumPy alone, and two as one archive', async () => {
    const one = Buffer.from(
      await api.exportedAttention({ runId: shown().runId, format: 'npy', content: new ArrayBuffer(0) }),
    );
    assert.equal(one.toString('latin1', 1, 6), 'NUMPY');
    await api.attention.compare({ with: 'text', text: 'Fish swim.' });
    const both = Buffer.from(
      await api.exportedAttention({ runId: shown().runId, format: 'npy', content: new ArrayBuffer(0) }),
    );
    assert.equal(both.toString('latin1', 0, 2), 'PK');
    const names = [...both.toString('latin1').matchAll(/PK\x01\x02[^]{42}(\w+\.npy)/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(names, ['first.npy', 'first_tokens.npy', 'second.npy', 'second_tokens.npy']);
    // The first array is the very file that is written without a comparison.
    assert.ok(both.includes(one));
    const [layers, heads] = [shown().model.numLayers, shown().model.numHeads];
    const n = compared().tokens.length;
    assert.ok(both.includes(`'shape': (${layers}, ${heads}, ${n}, ${n})`));
    await api.attention.compare({ with: 'nothing' });
  });

  it('survives a restart with what it was compared with', async () => {
    await api.attention.compare({ with: 'text', text: 'Fish swim in the evening.' });
    assert.equal(compared().text, 'Fish swim in the evening.');
    // What VS Code does with a panel that it kept: it hands over an empty one.
    const panel = vscode.window.createWebviewPanel('transformerScope.attention', 'x', vscode.ViewColumn.Two);
    await api.attention.restore(panel);
    assert.equal(shown().text, 'Birds sing in the morning.');
    assert.equal(compared().text, 'Fish swim in the evening.');
  });

  it('ends when what is shown is of another kind', async () => {
    await api.attention.compare({ with: 'nothing' });
    assert.equal(api.attention.comparedState, null);
  });
});
