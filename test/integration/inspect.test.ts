import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { type InspectStates, inspectParts } from '../../src/protocol/inspectPage';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/** The live view of the selection, in the side bar of a real VS Code. */

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('Inspect view', function () {
  this.timeout(60_000);
  let api: ExtensionApi;

  before(async () => {
    api = (await theExtension()).exports;
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await closeEditors();
  });

  /** Until everything is measured of a text that begins so. */
  const measured = async (start: string): Promise<InspectStates> => {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const { parts } = api.inspect.session;
      const isThere = inspectParts.every((part) => parts[part].state === 'done');
      if (isThere && api.inspect.session.text?.text.startsWith(start) === true) {
        return parts;
      }
      assert.ok(Date.now() < deadline, `waited for "${start}": ${JSON.stringify(parts)}`);
      await pause(50);
    }
  };

  it('shows tokens, attention, what comes next and sentiment of the selection', async () => {
    const editor = await showText('The cat sat on the mat. A wonderful, charming film.');
    editor.selection = new vscode.Selection(0, 0, 0, 22);
    await vscode.commands.executeCommand('transformerScope.inspect.focus');
    const { tokens, attention, next, sentiment } = await measured('The cat sat on the mat');
    assert.ok(tokens.state === 'done' && attention.state === 'done');
    assert.ok(next.state === 'done' && sentiment.state === 'done');
    assert.deepEqual(
      tokens.value.tokens.map(({ text }) => text),
      ['The', 'cat', 'sat', 'on', 'the', 'mat'],
    );
    assert.equal(attention.value.numLayers * attention.value.numHeads, 24);
    assert.equal(attention.value.thumbnails.data.byteLength, 24 * 8 * 8);
    assert.equal(next.value.candidates.length, 5);
    const sum = sentiment.value.labels.reduce((total, { probability }) => total + probability, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6);
  });

  it('follows the selection, in Chinese too', async () => {
    const editor = await showText('第一段。\n\n小猫坐在垫子上，因为那里很暖和。', 'markdown');
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    const { tokens } = await measured('小猫');
    assert.ok(tokens.state === 'done');
    assert.equal(tokens.value.tokens[0]?.text, '小');
  });

  it('tells an empty document apart, and comes back', async () => {
    await showText('');
    const deadline = Date.now() + 20_000;
    while (api.inspect.session.text !== undefined) {
      assert.ok(Date.now() < deadline);
      await pause(50);
    }
    await showText('Words again.');
    await measured('Words again.');
  });

  it('computes nothing while it is hidden', async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await showText('Nobody looks at this.');
    await pause(1500);
    assert.equal(api.inspect.session.text?.text, 'Words again.');
    await vscode.commands.executeCommand('transformerScope.inspect.focus');
    await measured('Nobody looks at this.');
  });
});
