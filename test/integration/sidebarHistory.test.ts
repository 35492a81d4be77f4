import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { History } from '../../src/panels/history';
import { type HistoryEntry, entryOf, textOf, titleOf } from '../../src/panels/historyEntry';
import { HistoryStore } from '../../src/panels/historyStore';
import type { EntryRow, HistoryNode, StudyRow } from '../../src/panels/historyTree';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { closeEditors, showText } from './editors';
import type { Workbench } from './workbench';
import { run, set, theExtension, theWorkbench } from './extension';

/** What was looked at, opened again in a real VS Code. */

describe('The side bar’s history', function () {
  this.timeout(120_000);
  let api: ExtensionApi;
  let extensionUri: vscode.Uri;
  let workbench: Workbench | undefined;

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    ({ extensionUri } = found);
    workbench = await theWorkbench();
    await api.history.remove((await api.history.list()).map(({ id }) => id));
  });
  after(async () => {
    for (const key of ['model', 'history']) {
      await set(key, undefined);
    }
    await api.history.remove((await api.history.list()).map(({ id }) => id));
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.view.explorer');
    await workbench?.disconnect();
    await closeEditors();
  });

  const rows = async (): Promise<(EntryRow | StudyRow)[]> => {
    const days = await api.sidebar.history.getChildren();
    return days.flatMap((day) => (day.kind === 'day' ? [...day.rows] : []));
  };
  const entryRows = async (): Promise<EntryRow[]> => (await rows()).filter((row) => row.kind === 'entry');
  const rowOf = async (title: string): Promise<EntryRow> => {
    const found = (await entryRows()).find(({ entry }) => titleOf(entry) === title);
    assert.ok(found, `${title} in ${(await entryRows()).map(({ entry }) => titleOf(entry)).join(', ')}`);
    return found;
  };
  const item = (node: HistoryNode): vscode.TreeItem => api.sidebar.history.getTreeItem(node);
  const view = (): AttentionView => {
    const state = api.attentionState();
    assert.equal(state.kind, 'ready', JSON.stringify(state).slice(0, 300));
    return (state as { view: AttentionView }).view;
  };
  const comparedText = (): string | undefined => {
    const compared = api.attention.comparedState;
    return compared?.kind === 'ready' ? compared.view.text : undefined;
  };
  const look = async (text: string): Promise<void> => {
    const editor = await showText(text);
    editor.selection = new vscode.Selection(
      new vscode.Position(0, 0),
      editor.document.positionAt(text.length),
    );
    await run('visualizeAttention');
    await until('the page', () => api.headOnScreen()?.runId === view().runId);
    await api.history.settled();
  };

  it('lists what was analysed, under today, by the beginning of the text', async () => {
    await set('model', 'scope-gpt');
    await look('The red door opens\nand the green door stays shut.');
    await set('model', undefined);
    await look('我很喜欢这本书。');
    const days = await api.sidebar.history.getChildren();
    assert.equal(item(days[0] as HistoryNode).label, 'Today');
    assert.deepEqual(
      (await entryRows()).map(({ entry }) => titleOf(entry)),
      ['我很喜欢这本书。', 'The red door opens and the green door stays shut.'],
    );
    const [, first] = await entryRows();
    assert.match(String(item(first as EntryRow).description), /^scope-gpt · \d/);
    assert.equal(item(first as EntryRow).command?.command, 'transformerScope.openHistory');
  });

  it('opens an entry exactly as it was: text, model, layer and head', async () => {
    const row = await rowOf('The red door opens and the green door stays shut.');
    const kept = row.entry.look as { layer: number; head: number; tab: string };
    assert.equal(kept.tab, 'matrix', 'the page has told where the reader is');
    // As though the reader had gone there.
    const place = { ...kept, layer: 2, head: 1 };
    api.history.look(row.entry.id, place);
    await api.history.settled();
    await closeEditors();

    await run('openHistory', await rowOf('The red door opens and the green door stays shut.'));
    assert.equal(view().model.id, 'scope-gpt');
    assert.equal(view().text, 'The red door opens\nand the green door stays shut.');
    await until('that head', () => {
      const asked = api.headOnScreen();
      return asked?.runId === view().runId && asked.layer === 2 && asked.head === 1;
    });
    await api.history.settled();
    const after = await rowOf('The red door opens and the green door stays shut.');
    assert.deepEqual(after.entry.look, place);
    assert.equal((await entryRows()).length, 2, 'it is the same entry');
    assert.equal(vscode.workspace.getConfiguration('transformerScope').get('model'), 'scope-bert');
  });

  it('writes an entry as a file, as its page does', async function () {
    if (!workbench) {
      // The window of a desktop VS Code cannot be reached from here.
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'transformer-scope-export-'));
    const path = join(folder, 'kept.json');
    let isDone = false;
    const row = await rowOf('The red door opens and the green door stays shut.');
    const running = Promise.resolve(run('exportHistory', row)).finally(() => (isDone = true));
    await workbench.pick(/Export/, 'JSON');
    const dialog = workbench.page.locator('.quick-input-widget');
    await dialog.locator('.monaco-button').first().waitFor();
    // The dialog may write its own folder over what was typed.
    while (!isDone) {
      await dialog
        .locator('input')
        .first()
        .fill(path, { timeout: 1000 })
        .catch(() => undefined);
      await pause(1000);
      await dialog
        .locator('.monaco-button')
        .first()
        .click({ timeout: 1000 })
        .catch(() => undefined);
    }
    await running;
    const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    assert.deepEqual([file['layer'], file['head']], [2, 1]);
    assert.ok(JSON.stringify(file).includes('scope-gpt'));
    rmSync(folder, { recursive: true, force: true });
  });

  it('is there after a restart', async () => {
    const before = await api.history.list();
    // A window that opens later reads the same folder.
    const restarted = new History(new HistoryStore(api.history.folder, assert.fail), () => true);
    assert.deepEqual(await restarted.list(), before);
    restarted.dispose();
  });

  it('takes over at once what another window keeps', async () => {
    const other = new HistoryStore(api.history.folder, assert.fail);
    const text = {
      text: 'from another window',
      wasCut: false,
      uri: '',
      offset: 0,
      name: 'x',
      startLine: 1,
      endLine: 1,
    };
    const model = {
      id: 'scope-bert',
      folder: vscode.Uri.joinPath(extensionUri, 'models', 'scope-bert').fsPath,
    };
    let numChanges = 0;
    const watching = api.sidebar.history.onDidChangeTreeData(() => numChanges++);
    const mine = look('from this window');
    const writes = Array.from({ length: 20 }, (_, index) =>
      other.put(
        entryOf(
          { kind: 'attention', subject: { text: { ...text, text: `${text.text} ${index}` } }, model },
          Date.now() - 90_000_000,
        ),
      ),
    );
    await Promise.all([mine, ...writes]);
    await until('the news', () => numChanges > 1);
    watching.dispose();
    const entries = await entryRows();
    assert.equal(entries.length, 23);
    await rowOf('from this window');
    const days = await api.sidebar.history.getChildren();
    assert.equal(days.length, 2, 'what was yesterday stands under yesterday');
    assert.match(String(item(days[1] as HistoryNode).label), /Yesterday|day/);
    await run('deleteHistory', days[1]);
    assert.equal((await entryRows()).length, 3);
  });

  it('is renamed, removed and brought back', async () => {
    const { entry } = await rowOf('我很喜欢这本书。');
    await api.history.rename(entry.id, 'a Chinese sentence');
    const row = await rowOf('a Chinese sentence');
    await run('deleteHistory', row);
    assert.ok(!(await entryRows()).some(({ entry: { id } }) => id === entry.id));
    if (workbench) {
      await workbench.message(/Removed from the history: a Chinese sentence/);
      await workbench.press('Undo');
      await until('the entry', async () => (await entryRows()).some(({ entry: { id } }) => id === entry.id));
      const running = run('renameHistory', await rowOf('a Chinese sentence'));
      await workbench.enter(/Rename/, '');
      await running;
      await rowOf('我很喜欢这本书。');
    }
  });

  it('opens pictures and what a text was compared with', async () => {
    const pictures = vscode.Uri.joinPath(extensionUri, 'media', 'sample', 'images');
    const [name] = (await vscode.workspace.fs.readDirectory(pictures)).map(([each]) => each);
    await run('visualizeImage', vscode.Uri.joinPath(pictures, name ?? ''));
    assert.ok(view().grid);
    await api.history.settled();
    await look('The cat sat on the mat');
    await api.attention.compare({ with: 'text', text: 'The dog sat on the mat' });
    await api.history.settled();
    const row = await rowOf('The cat sat on the mat');
    await run('openHistory', await rowOf(name ?? ''));
    assert.equal(view().source.name, name);
    assert.equal(view().model.id, 'scope-clip');
    assert.equal(comparedText(), undefined);
    await run('openHistory', row);
    assert.equal(view().text, 'The cat sat on the mat');
    assert.equal(comparedText(), 'The dog sat on the mat');
  });

  it('keeps the beginning of a long text, and says how much it left out', async () => {
    await look(`${'The cat sat on the mat. '.repeat(1000)}The end.`);
    const row = await rowOf('The cat sat on the mat. '.repeat(5).trim());
    assert.equal(textOf(row.entry.content)?.text.length, 20_000);
    assert.equal(row.entry.dropped, 4008);
    const told = (item(row).tooltip as vscode.MarkdownString).value.replaceAll('&nbsp;', ' ');
    assert.match(told, /4008 characters of it are not kept/);
    const before = view().tokens.length;
    await run('openHistory', row);
    assert.equal(view().tokens.length, before);
  });

  it('opens a comparison and a prompt study', async () => {
    const editor = await showText('The cat sat on the mat because it was warm.');
    editor.selection = new vscode.Selection(0, 0, 0, 43);
    const running = run('compareModels');
    await until('the reading', () => api.comparison.snapshot().parts.reading.state === 'done');
    api.comparison.current?.stop();
    await running;
    await api.history.settled();
    const kept = (await entryRows()).find(({ entry }) => entry.content.kind === 'comparison');
    assert.ok(kept);
    assert.match(String(item(kept).description), /^scope-bert ↔ scope-gpt/);
    await closeEditors();
    const opening = run('openHistory', kept);
    await until('the reading', () => api.comparison.snapshot().parts.reading.state === 'done');
    const { compared } = api.comparison.snapshot();
    assert.equal(compared?.text, 'The cat sat on the mat because it was warm.');
    assert.equal(compared?.models.right.id, 'scope-gpt');
    api.comparison.current?.stop();
    await opening;

    await api.prompts.showTask('labels-en');
    const id = api.prompts.current?.study?.id ?? '';
    await until('the study', async () =>
      (await rows()).some((row) => row.kind === 'study' && row.study.id === id),
    );
    await closeEditors();
    const study = (await rows()).find((row) => row.kind === 'study' && row.study.id === id);
    await run('openHistory', study);
    assert.equal(api.prompts.current?.study?.id, id);
    await run('deleteHistory', study);
    assert.ok(!(await rows()).some((row) => row.kind === 'study' && row.study.id === id));
  });

  it('keeps nothing while it is off', async () => {
    await set('history', false);
    const before = ids(await api.history.list());
    await look('nobody shall know this');
    assert.deepEqual(ids(await api.history.list()), before);
    await set('history', undefined);
  });

  it('is cleared once the person has said what', async () => {
    let isDone = false;
    const clearing = Promise.resolve(run('clearHistory')).finally(() => (isDone = true));
    while (!isDone) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
    }
    await clearing;
    assert.deepEqual(await rows(), []);
  });
});

function ids(entries: readonly HistoryEntry[]): string[] {
  return entries.map(({ id, time }) => `${id} ${time}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await probe())) {
    assert.ok(Date.now() < deadline, `waited 40 s for ${what}`);
    await pause(25);
  }
}
