import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { type ComparePart, compareParts, isMissing } from '../../src/protocol/compare';
import type { CompareSnapshot } from '../../src/protocol/comparePage';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/** Two models on one selection inside real VS Code, from the command to the report. */

const compare = 'transformerScope.compareModels';

describe('Compare BERT and GPT on Selection', function () {
  this.timeout(120_000);
  let api: ExtensionApi;

  before(async () => {
    api = (await theExtension()).exports;
  });
  after(closeEditors);

  const open = showText;
  const state = (now: CompareSnapshot, part: ComparePart): string => now.parts[part].state;

  it('measures everything of the selection with an encoder and a decoder', async () => {
    const text = 'The cat sat on the mat. It was warm there, and the cat slept.';
    const editor = await open(`first line\n${text}\nlast line`);
    editor.selection = new vscode.Selection(1, 0, 1, text.length);
    await vscode.commands.executeCommand(compare);
    const now = api.comparison.snapshot();
    assert.equal(now.compared?.text, text);
    assert.deepEqual([now.compared.source.startLine, now.compared.source.endLine], [2, 2]);
    assert.deepEqual(
      [now.compared.models.left.id, now.compared.models.right.id],
      ['scope-bert', 'scope-gpt'],
    );
    for (const part of compareParts) {
      assert.equal(state(now, part), 'done', part);
    }
    const { reading } = now.parts;
    assert.ok(reading.state === 'done' && !isMissing(reading.value.left) && !isMissing(reading.value.right));
    assert.deepEqual([reading.value.left.causal, reading.value.right.causal], [false, true]);
  });

  it('keeps the models and measures another text, in Chinese too', async () => {
    const editor = await open('小猫坐在垫子上。它睡着了。');
    editor.selection = new vscode.Selection(0, 0, 0, 100);
    await vscode.commands.executeCommand(compare);
    const now = api.comparison.snapshot();
    assert.equal(now.compared?.text, '小猫坐在垫子上。它睡着了。');
    assert.ok(compareParts.every((part) => state(now, part) === 'done'));
  });

  it('can be stopped, and goes on where it was', async () => {
    const editor = await open('One day a small bird sat in a tall tree and sang. '.repeat(8));
    editor.selection = new vscode.Selection(0, 0, 0, 400);
    const measured = vscode.commands.executeCommand(compare);
    await new Promise((resolve) => setTimeout(resolve, 150));
    api.comparison.current?.stop();
    await measured;
    const stopped = api.comparison.snapshot();
    assert.equal(stopped.busy, false);
    assert.ok(compareParts.every((part) => state(stopped, part) !== 'running'));
    await api.comparison.current?.again('reading');
    assert.ok(compareParts.every((part) => state(api.comparison.snapshot(), part) === 'done'));
  });

  it('writes a report of this run in both languages, and keeps the notes that were written into it', async () => {
    const editor = await open(
      'A little girl had a red ball. The ball rolled into the river. She was very sad.',
    );
    editor.selection = new vscode.Selection(0, 0, 0, 200);
    await vscode.commands.executeCommand(compare);
    const folder = await mkdtemp(join(tmpdir(), 'scope-compare-'));
    try {
      const path = join(folder, 'report.md');
      const uri = vscode.Uri.file(path);
      await api.comparison.exportTo(uri, 'md', 'en');
      const english = await readFile(path, 'utf8');
      const { reading } = api.comparison.snapshot().parts;
      assert.ok(reading.state === 'done');
      const numWords = reading.value.words.filter(({ counts }) => counts).length;
      assert.match(english, new RegExp(`\\b${numWords} of its words can be asked about`));
      assert.match(english, /McNemar test|too few words/);
      assert.match(english, /[0-9a-f]{64}/);
      assert.ok(vscode.window.visibleTextEditors.some(({ document }) => document.uri.fsPath === uri.fsPath));
      await writeFile(
        path,
        english.replace(/(<!-- notes:begin -->\n)[^]*?(\n<!-- notes:end -->)/, '$1My own thought.$2'),
      );
      await api.comparison.exportTo(uri, 'md', 'zh');
      const chinese = await readFile(path, 'utf8');
      assert.match(chinese, /<!-- notes:begin -->\s+My own thought\.\s+<!-- notes:end -->/);
      assert.match(chinese, /编码器/);
      assert.equal(api.comparison.snapshot().notes, 'My own thought.');
      const page = await api.comparison.report('html', 'zh');
      assert.match(page, /My own thought/);
      assert.match(page, /<svg/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
