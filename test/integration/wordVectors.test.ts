import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { Similarity } from '../../src/host/measureSimilarity';
import type { Embedding } from '../../src/protocol/language';
import { closeEditors, showText } from './editors';
import { activated, assertNear, closeUntilDone, golden, select, until } from './wordFixtures';
import { run, set } from './extension';

/** Vectors of selected text, and the count of tokens in the status bar, inside real VS Code. */

describe('Vectors of selected text', function () {
  this.timeout(90_000);
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
  });
  after(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await closeEditors();
  });

  it('Copy Embedding gives the mean of what enters the last layer', async () => {
    for (const { first, vector } of golden.alike) {
      const editor = await showText(first);
      select(editor, first);
      const found = await run<Embedding>('copyEmbedding');
      assert.equal(found.state, 'beforeLastLayer');
      const values = new Float32Array(found.vector);
      assert.equal(values.length, vector.length);
      values.forEach((value, index) => assertNear(value, vector[index]!, 1e-3));
      const copied = JSON.parse(await vscode.env.clipboard.readText()) as number[];
      assert.deepEqual(copied.map(Math.fround), [...values]);
    }
  });

  it('Measure Similarity takes two selections, with a baseline of the model', async () => {
    for (const pair of golden.alike) {
      const editor = await showText(`${pair.first}\n${pair.second}`);
      select(editor, pair.first, pair.second);
      const found = await closeUntilDone(run<Similarity>('measureSimilarity'));
      assertNear(found.cosine, pair.cosine);
      assert.deepEqual([found.tokens.common, found.tokens.union], [pair.common, pair.union]);
      assert.equal(found.baseline.numPairs, 28);
      const { least, mean, most } = found.baseline;
      assert.ok(-1 <= least && least < mean && mean < most && most < 1);
    }
  });

  it('remembers one text and compares the next with it', async () => {
    const [pair] = golden.alike;
    const editor = await showText(`${pair!.first}\n${pair!.second}`);
    select(editor, pair!.first);
    assert.equal(await run('measureSimilarity'), undefined);
    select(editor, pair!.second);
    const found = await closeUntilDone(run<Similarity>('measureSimilarity'));
    assert.deepEqual([found.first, found.second], [pair!.first, pair!.second]);
    assertNear(found.cosine, pair!.cosine);
  });

  describe('the count in the status bar', () => {
    afterEach(() => set('tokenCount', undefined));

    it('counts the selection and the document once a model is loaded', async () => {
      const [one, two] = golden.tokens;
      assert.ok(one && two);
      assert.notEqual(api.inferenceProcessId(), undefined);
      const editor = await showText(`${one.text}\n${two.text}`);
      await until(() => api.tokenCount()?.of === 'document', 'the document');
      assert.equal(api.tokenCount()?.numTokens, one.ids.length + two.ids.length);
      select(editor, two.text);
      await until(() => api.tokenCount()?.of === 'selection', 'the selection');
      assert.equal(api.tokenCount()?.numTokens, two.ids.length);
    });

    it('says nothing when it is off', async () => {
      await set('tokenCount', 'off');
      await until(() => api.tokenCount() === undefined, 'nothing');
    });

    it('starts the process for a selection only where the setting says so, and never for typing', async () => {
      const editor = await showText('The cat sat.');
      await run('unloadModels');
      select(editor, 'cat');
      await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), 'Now '));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.deepEqual([api.inferenceProcessId(), api.tokenCount()], [undefined, undefined]);
      await set('tokenCount', 'selection');
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), 'And '));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.equal(api.inferenceProcessId(), undefined);
      select(editor, 'cat');
      await until(() => api.tokenCount()?.of === 'selection', 'the selection');
      assert.equal(api.tokenCount()?.numTokens, 1);
      assert.notEqual(api.inferenceProcessId(), undefined);
    });
  });
});
