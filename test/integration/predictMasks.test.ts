import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WrittenWords } from '../../src/host/predictMasks';
import { closeEditors, showText } from './editors';
import { acceptUntilDone, closeUntilDone, golden, select } from './wordFixtures';

/** Predicts words inside real VS Code and takes what the list offers. */

const predict = (): Thenable<WrittenWords | undefined> =>
  vscode.commands.executeCommand('transformerScope.predictMasks');

describe('Predict Masked Words', function () {
  this.timeout(60_000);

  after(closeEditors);

  it('fills the masks of a selection one after the other, as one edit', async () => {
    for (const { text, words, filled } of golden.filled) {
      const editor = await showText(`before\n\n${text}\n\nafter`);
      select(editor, text);
      const written = await acceptUntilDone(predict());
      assert.equal(editor.document.getText(), `before\n\n${filled}\n\nafter`);
      assert.deepEqual([written?.model, written?.words], ['scope-bert', words.map(({ word }) => word)]);
      await vscode.commands.executeCommand('undo');
      assert.equal(editor.document.getText(), `before\n\n${text}\n\nafter`);
    }
  });

  it('finds the masks of the paragraph at the cursor, however they are spelt', async () => {
    const { text, filled } = golden.filled[0]!;
    const editor = await showText(
      `# Title\n\n${text.replace('[MASK]', '<mask>')}\n\nafter [MASK]`,
      'markdown',
    );
    editor.selection = new vscode.Selection(2, 3, 2, 3);
    await acceptUntilDone(predict());
    assert.equal(editor.document.getText(), `# Title\n\n${filled}\n\nafter [MASK]`);
  });

  it('writes the likeliest word at the cursor, and undo takes it back', async () => {
    const text = 'The cat sat on the ';
    const editor = await showText(`${text}.`);
    editor.selection = new vscode.Selection(0, text.length, 0, text.length);
    await acceptUntilDone(predict());
    const written = editor.document.getText();
    assert.match(written, /^The cat sat on the \p{L}+\.$/u);
    assert.equal(editor.selection.active.character, written.length - 1);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), `${text}.`);
  });

  it('puts no space between Chinese characters', async () => {
    const editor = await showText('今天天气很。');
    editor.selection = new vscode.Selection(0, 5, 0, 5);
    await acceptUntilDone(predict());
    assert.match(editor.document.getText(), /^今天天气很\S+。$/u);
  });

  it('replaces a selected word', async () => {
    const editor = await showText('The cat xyzzy on the mat.');
    select(editor, 'xyzzy');
    await acceptUntilDone(predict());
    assert.doesNotMatch(editor.document.getText(), /xyzzy/);
    assert.match(editor.document.getText(), /^The cat .+ on the mat\.$/);
  });

  it('masks several selections and writes them together', async () => {
    const { text, filled } = golden.filled[0]!;
    const editor = await showText(text.replace('[MASK]', 'xyzzy').replace('[MASK]', 'plugh'));
    select(editor, 'xyzzy', 'plugh');
    await acceptUntilDone(predict());
    assert.equal(editor.document.getText(), filled);
    await vscode.commands.executeCommand('undo');
    assert.match(editor.document.getText(), /xyzzy.*plugh/);
  });

  it('changes nothing when it is dismissed', async () => {
    const editor = await showText('The cat sat.');
    select(editor, 'cat');
    assert.equal(await closeUntilDone(predict()), undefined);
    assert.equal(editor.document.getText(), 'The cat sat.');
  });

  it('refuses a long selection without a mask, an empty file and bytes', async () => {
    const text = 'This is a sentence, and this is another one that goes on. '.repeat(4);
    for (const [content, selected] of [
      [text, text],
      ['', ''],
      ['\0\0\0\0\0 word', '\0\0\0\0\0 word'],
    ] as const) {
      const editor = await showText(content);
      if (selected !== '') {
        select(editor, selected);
      }
      assert.equal(await predict(), undefined);
      assert.equal(editor.document.getText(), content);
    }
  });
});
