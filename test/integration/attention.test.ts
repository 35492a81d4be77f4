import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { AttentionState, AttentionView } from '../../src/protocol/attentionPage';
import { closeEditors, showText } from './editors';

/** Does what the user does, inside real VS Code. */

const extensionId = 'transformer-scope.transformer-scope';
const visualize = 'transformerScope.visualizeAttention';

interface GoldenCase {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly attentions: { readonly dims: readonly number[]; readonly data: string };
}

function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>(extensionId);
  assert.ok(found, 'the extension is installed');
  return found;
}

function goldenCase(text: string): GoldenCase {
  const file = join(extension().extensionPath, 'test', 'fixtures', 'scopeBert', 'golden.json');
  const content = JSON.parse(readFileSync(file, 'utf8')) as GoldenCase[] | { cases: GoldenCase[] };
  const cases = Array.isArray(content) ? content : content.cases;
  const found = cases.find((each) => each.text === text);
  assert.ok(found, text);
  return found;
}

async function until<T>(what: string, probe: () => T | undefined, milliseconds = 30_000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = probe();
    if (value !== undefined) {
      return value;
    }
    assert.ok(Date.now() < deadline, `waited ${milliseconds} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function select(editor: vscode.TextEditor, text: string): void {
  const start = editor.document.getText().indexOf(text);
  assert.notEqual(start, -1, text);
  editor.selection = new vscode.Selection(
    editor.document.positionAt(start),
    editor.document.positionAt(start + text.length),
  );
}

describe('Visualize Attention of Selection', function () {
  this.timeout(90_000);
  let api: ExtensionApi;

  before(async () => {
    api = await extension().activate();
  });

  after(async () => {
    await closeEditors();
  });

  const state = (): AttentionState => api.attentionState();
  const failure = (): Extract<AttentionState, { kind: 'failed' }> => {
    const current = state();
    assert.equal(current.kind, 'failed', JSON.stringify(current).slice(0, 200));
    return current as Extract<AttentionState, { kind: 'failed' }>;
  };
  const ready = (): AttentionView => {
    const current = state();
    assert.equal(current.kind, 'ready', JSON.stringify(current).slice(0, 300));
    return (current as Extract<AttentionState, { kind: 'ready' }>).view;
  };

  it('shows the attention of the selected words, equal to PyTorch', async () => {
    const golden = goldenCase('The cat sat on the mat');
    const uri = vscode.Uri.joinPath(extension().extensionUri, 'media', 'sample', 'english.md');
    const editor = await vscode.window.showTextDocument(uri);
    select(editor, golden.text);
    await vscode.commands.executeCommand(visualize);
    const view = ready();
    assert.deepEqual(
      view.tokens.map((token) => token.piece),
      golden.tokens,
    );
    assert.equal(view.source.name, 'english.md');
    assert.equal(view.source.startLine, editor.selection.start.line + 1);

    const [, heads = 0, size = 0] = golden.attentions.dims;
    const bytes = Buffer.from(golden.attentions.data, 'base64');
    const wanted = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    );
    const [layer, head] = [2, 3];
    const got = new Float32Array(await api.attentionHead({ runId: view.runId, layer, head }));
    assert.equal(got.length, size * size);
    const offset = (layer * heads + head) * size * size;
    got.forEach((weight, index) => {
      assert.ok(Math.abs(weight - wanted[offset + index]!) <= 1e-4, `cell ${index}`);
    });
  });

  it('the page on the screen asks for a head of this very run', async () => {
    const view = ready();
    const asked = await until('the page', () =>
      api.headOnScreen()?.runId === view.runId ? api.headOnScreen() : undefined,
    );
    assert.ok(asked.layer < view.model.numLayers && asked.head < view.model.numHeads);
  });

  it('updates the same panel when another selection is analysed', async () => {
    const editor = await showText('我很喜欢这本书。', 'markdown');
    select(editor, '我很喜欢这本书');
    await vscode.commands.executeCommand(visualize);
    assert.deepEqual(
      ready()
        .tokens.slice(1, -1)
        .map((token) => token.text),
      [...'我很喜欢这本书'],
    );
    const panels = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.input instanceof vscode.TabInputWebview);
    assert.equal(panels.length, 1);
  });

  it('takes the paragraph in prose and the line in code when nothing is selected', async () => {
    const prose = await showText('first line\nsecond line\n\nother paragraph');
    prose.selection = new vscode.Selection(1, 0, 1, 0);
    await vscode.commands.executeCommand(visualize);
    assert.deepEqual([ready().source.startLine, ready().source.endLine], [1, 2]);
    const code = await showText('x = 1\ny = 2', 'python');
    code.selection = new vscode.Selection(1, 0, 1, 0);
    await vscode.commands.executeCommand(visualize);
    assert.deepEqual([ready().source.startLine, ready().source.endLine], [2, 2]);
  });

  it('says which part of a long selection was kept', async () => {
    const editor = await showText('The cat sat on the mat.\n'.repeat(200));
    editor.selection = new vscode.Selection(0, 0, 200, 0);
    await vscode.commands.executeCommand(visualize);
    const view = ready();
    assert.equal(view.tokens.length, view.model.maxTokens);
    assert.ok(view.totalTokens > 1000);
    assert.ok(view.source.keptEndLine < 60 && view.source.keptEndLine > 20, String(view.source.keptEndLine));
  });

  it('tells an empty file, an empty selection and a binary file apart, each with one action', async () => {
    await showText('');
    await vscode.commands.executeCommand(visualize);
    const empty = failure();
    await showText('\u0000\u0001PNG\u0000\u0000 garbage');
    await vscode.commands.executeCommand(visualize);
    assert.notEqual(failure().message, empty.message);
    const again = await showText('words again');
    again.selection = new vscode.Selection(0, 0, 0, 11);
    await vscode.commands.executeCommand(visualize);
    assert.equal(ready().tokens.length, 4);
  });

  it('survives kill -9 of the inference process during a run', async () => {
    const editor = await showText('word '.repeat(400));
    editor.selection = new vscode.Selection(0, 0, 0, 2000);
    const running = vscode.commands.executeCommand(visualize);
    await until('the run', () => (state().kind === 'busy' ? true : undefined));
    const pid = await until('the process', () => api.inferenceProcessId());
    process.kill(pid, 'SIGKILL');
    await running;
    assert.equal(failure().action, 'retry');
    await vscode.commands.executeCommand(visualize);
    assert.ok(ready().tokens.length > 100);
    assert.notEqual(api.inferenceProcessId(), pid);
  });

  it('tells a model that does not load, and the next try works', async () => {
    const settings = vscode.workspace.getConfiguration('transformerScope');
    const target = vscode.ConfigurationTarget.Global;
    try {
      await settings.update('model', 'no-such-model', target);
      await vscode.commands.executeCommand(visualize);
      assert.equal(failure().action, 'chooseModel');
      await settings.update('model', '../../etc', target);
      await vscode.commands.executeCommand(visualize);
      assert.equal(failure().action, 'chooseModel');
    } finally {
      await settings.update('model', undefined, target);
    }
    await vscode.commands.executeCommand(visualize);
    assert.ok(ready().tokens.length > 100);
  });

  it('computes again what was unloaded when the page needs it', async () => {
    const before = ready();
    await vscode.commands.executeCommand('transformerScope.unloadModels');
    assert.equal(api.inferenceProcessId(), undefined);
    await assert.rejects(api.attentionHead({ runId: before.runId, layer: 0, head: 0 }));
    await until('a new process with a new run', () =>
      state().kind === 'ready' && api.inferenceProcessId() !== undefined ? true : undefined,
    );
    const again = ready();
    assert.deepEqual(again.tokens, before.tokens);
    await api.attentionHead({ runId: again.runId, layer: 0, head: 0 });
  });

  it('computes again what went with an idle process', async () => {
    const target = vscode.ConfigurationTarget.Global;
    const idle = (minutes: number | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration('transformerScope').update('idleMinutes', minutes, target);
    await idle(0.001);
    try {
      const before = ready();
      // What is asked last starts the clock; a page that comes late is answered and starts it anew.
      await api.attentionHead({ runId: before.runId, layer: 0, head: 0 });
      await until('the process is gone', () => (api.inferenceProcessId() === undefined ? true : undefined));
      await idle(undefined);
      await api.attentionHead({ runId: before.runId, layer: 0, head: 0 }).catch(() => undefined);
      const again = await until('a new run', () => {
        const now = state();
        return now.kind === 'ready' && now.view.runId !== before.runId ? now.view : undefined;
      });
      assert.deepEqual(again.tokens, before.tokens);
      await api.attentionHead({ runId: again.runId, layer: 0, head: 0 });
    } finally {
      await idle(undefined);
    }
  });

  it('closing the panel during a run leaves everything working', async () => {
    const editor = await showText('word '.repeat(300));
    editor.selection = new vscode.Selection(0, 0, 0, 1500);
    const running = vscode.commands.executeCommand(visualize);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter((tab) => tab.input instanceof vscode.TabInputWebview));
    await running;
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand(visualize);
    assert.ok(ready().tokens.length > 100);
  });
});
