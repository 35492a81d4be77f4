import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, showText } from './editors';

/** Predicts at the cursor inside real VS Code and takes what the list offers. */

const predict = 'transformerScope.predictToken';
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('Predict Word Here', function () {
  this.timeout(60_000);

  after(closeEditors);

  const open = showText;

  /** Accepts the first candidate as soon as there is one: accepting an empty list does nothing. */
  const acceptFirst = async (running: Thenable<unknown>): Promise<void> => {
    let done = false;
    const finished = Promise.resolve(running).then(() => (done = true));
    for (let tries = 0; !done && tries < 200; tries++) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
    }
    await finished;
  };

  it('writes the likeliest word at the cursor, and undo takes it back', async () => {
    const text = 'The cat sat on the ';
    const editor = await open(`${text}.`);
    editor.selection = new vscode.Selection(0, text.length, 0, text.length);
    await acceptFirst(vscode.commands.executeCommand(predict));
    const written = editor.document.getText();
    assert.match(written, /^The cat sat on the \p{L}+\.$/u);
    assert.equal(editor.selection.active.character, written.length - 1);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), `${text}.`);
  });

  it('replaces a selected word', async () => {
    const editor = await open('The cat xyzzy on the mat.');
    editor.selection = new vscode.Selection(0, 8, 0, 13);
    await acceptFirst(vscode.commands.executeCommand(predict));
    assert.doesNotMatch(editor.document.getText(), /xyzzy/);
    assert.match(editor.document.getText(), /^The cat .+ on the mat\.$/);
  });

  it('changes nothing when it is dismissed', async () => {
    const editor = await open('The cat sat.');
    editor.selection = new vscode.Selection(0, 4, 0, 7);
    let done = false;
    const running = Promise.resolve(vscode.commands.executeCommand(predict)).then(() => (done = true));
    await pause(300);
    for (let tries = 0; !done && tries < 50; tries++) {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await pause(100);
    }
    await running;
    assert.equal(editor.document.getText(), 'The cat sat.');
  });
});
