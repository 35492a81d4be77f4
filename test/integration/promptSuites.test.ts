import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { OpenSuite } from '../../src/panels/suiteEditor';
import type { Study } from '../../src/protocol/prompts';
import { closeEditors } from './editors';
import { theExtension } from './extension';

/** A suite inside real VS Code: its text with help, its grid, and both at once. */

const text = `transformerScope: 1
# The mails of last week.
title: Mails
task:
  kind: classify
  labels: [happy, angry]
  examples:
    - { input: "Thanks!", output: happy }
  items:
    - { input: "Great service.", expected: happy }   # easy
    - { input: "Never again.", expected: furious }
strategies: [zero-shot, one-shot]
`;

async function until<T>(what: string, found: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await found();
    if (value !== undefined) {
      return value;
    }
    assert.ok(Date.now() < deadline, `waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('a prompt suite', function () {
  this.timeout(60_000);
  let api: ExtensionApi;
  let folder: string;
  let uri: vscode.Uri;

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    folder = await mkdtemp(join(tmpdir(), 'scope-suites-'));
    uri = vscode.Uri.file(join(folder, 'mails.prompts.yaml'));
    await writeFile(uri.fsPath, text);
  });
  after(async () => {
    await closeEditors();
    await rm(folder, { recursive: true });
  });

  it('is helped with as text: problems at their places, completion, hovers', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const problems = await until('problems', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 ? found : undefined;
    });
    const label = problems.find(({ code }) => code === 'unknownLabel');
    assert.equal(label && document.getText(label.range), 'furious');
    const place = document.positionAt(text.indexOf('furious'));
    const offered = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      place,
    );
    const labels = offered.items.map((item) =>
      typeof item.label === 'string' ? item.label : item.label.label,
    );
    assert.ok(labels.includes('happy') && labels.includes('angry'), labels.join());
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      document.positionAt(text.indexOf('strategies') + 2),
    );
    const said = hovers.flatMap(({ contents }) =>
      contents.map((each) => (each as vscode.MarkdownString).value),
    );
    assert.match(said.join(), /ways of asking/);
  });

  it('is a grid whose edits are edits of the text, with its undo and its saving', async () => {
    await vscode.commands.executeCommand('transformerScope.openSuiteAsGrid', uri);
    const shown = await until<OpenSuite>('the grid', () => api.suites.shown(uri));
    const { document, session } = shown.suite;
    assert.equal(shown.snapshot().study?.title, 'Mails');
    assert.equal(shown.snapshot().suite?.name, 'mails.prompts.yaml');
    const study = session.study as Study;
    const [first] = study.task.items;
    const items = [first!, { input: 'Never again.', expected: 'angry' }];
    await session.edit({ ...study, task: { ...study.task, items } });
    const edited = text.replace('expected: furious', 'expected: angry');
    assert.equal(document.getText(), edited);
    assert.ok(document.isDirty);
    assert.equal(shown.snapshot().study?.task.items[1]?.expected, 'angry');
    assert.equal(await readFile(uri.fsPath, 'utf8'), text, 'nothing is written before it is saved');
    await vscode.commands.executeCommand('undo');
    await until('undo', () => (document.getText() === text ? true : undefined));
    await until('the grid to follow', () =>
      shown.snapshot().study?.task.items[1]?.expected === 'furious' ? true : undefined,
    );
    await vscode.commands.executeCommand('redo');
    await until('redo', () => (document.getText() === edited ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saving', async () => ((await readFile(uri.fsPath, 'utf8')) === edited ? true : undefined));
  });

  it('follows the text, says where it is broken, and comes back', async () => {
    const shown = await until<OpenSuite>('the grid', () => api.suites.shown(uri));
    const { document } = shown.suite;
    const change = async (from: string, to: string): Promise<void> => {
      const at = document.getText().indexOf(from);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
      await vscode.workspace.applyEdit(edit);
    };
    await change('title: Mails', 'title: Letters');
    await until('the title', () => (shown.snapshot().study?.title === 'Letters' ? true : undefined));
    await change('kind: classify', 'kind: dance');
    const broken = await until('the problem', () => shown.snapshot().suite?.problems[0]);
    assert.equal(broken.line, 5);
    assert.equal(shown.snapshot().study, null);
    await change('kind: dance', 'kind: classify');
    await until('the grid', () => shown.snapshot().study ?? undefined);
    await vscode.commands.executeCommand('workbench.action.files.save');
  });

  it('is found, opened and run in the Testing view', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    const file = vscode.Uri.joinPath(
      workspace?.uri ?? vscode.Uri.file(folder),
      `run-${Date.now()}.prompts.yaml`,
    );
    const sums = `transformerScope: 1
task:
  kind: solve
  items:
    - { input: "Sam has 2 chairs. Sam finds 7 more. Sam gives away 4. How many chairs does Sam have now?", expected: "5" }
strategies: [zero-shot, zero-shot+reasoning]
`;
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(sums));
    const token = new vscode.CancellationTokenSource().token;
    try {
      const tests = await api.suites.tests();
      const { items } = tests.controller;
      const test = await until('the suite to be found', () => items.get(file.toString()));
      await tests.controller.resolveHandler?.(test);
      assert.deepEqual(
        [...test.children].map(([key]) => key),
        ['zero-shot|scope-gpt-instruct', 'zero-shot+reasoning|scope-gpt-instruct'],
      );
      // The model needs its steps for this sum.
      const all = await tests.run(new vscode.TestRunRequest([test]), token, true);
      assert.deepEqual(all, { passed: 1, failed: 1, errored: 0, skipped: 0 });
      const way = test.children.get('zero-shot+reasoning|scope-gpt-instruct') as vscode.TestItem;
      const leaf = way.children.get('0') as vscode.TestItem;
      assert.equal(leaf.range?.start.line, 4);
      const kept = await tests.run(new vscode.TestRunRequest([leaf]), token, false);
      assert.deepEqual(kept, { passed: 1, failed: 0, errored: 0, skipped: 0 });
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });
});
