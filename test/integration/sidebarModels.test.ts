import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { DownloadRow, GroupRow, ModelNode, ModelRow } from '../../src/host/modelRows';
import { filesOf, TestHub } from '../hub/testHub';
import { closeEditors, showText } from './editors';
import type { Workbench } from './workbench';
import { run, set, theExtension, theWorkbench } from './extension';

/** The list of models and the item in the status bar, with the real inference process. */

describe('The side bar’s models', function () {
  this.timeout(90_000);
  let api: ExtensionApi;
  let extensionPath: string;
  let folder: string;
  let workbench: Workbench | undefined;

  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('transformerScope');

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    ({ extensionPath } = found);
    folder = mkdtempSync(join(tmpdir(), 'transformer-scope-sidebar-'));
    await set('downloadFolder', folder);
    await run('unloadModels');
    workbench = await theWorkbench();
  });
  after(async () => {
    for (const key of ['downloadFolder', 'model', 'taskModels']) {
      await set(key, undefined);
    }
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.view.explorer');
    await workbench?.disconnect();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}-elsewhere`, { recursive: true, force: true });
  });

  const groups = async (): Promise<GroupRow[]> => {
    const found = await api.sidebar.models.getChildren();
    return found.filter((node) => node.kind === 'group');
  };
  const rows = async (): Promise<(ModelRow | DownloadRow)[]> =>
    (await groups()).flatMap((group) => [...group.rows]);
  const model = async (id: string): Promise<ModelRow> => {
    const found = (await rows()).find((row) => row.kind === 'model' && row.source.id === id);
    assert.ok(found?.kind === 'model', id);
    return found;
  };
  const item = (node: ModelNode): vscode.TreeItem => api.sidebar.models.getTreeItem(node);
  const described = async (id: string): Promise<string> => String(item(await model(id)).description);
  const tooltip = async (id: string): Promise<string> =>
    (item(await model(id)).tooltip as vscode.MarkdownString).value
      .replaceAll('\\', '')
      .replaceAll('&nbsp;', ' ');
  /** Runs a command that asks, and takes an entry by its place. */
  const answer = async (running: Thenable<unknown>, place = 0): Promise<void> => {
    let isDone = false;
    const done = Promise.resolve(running).finally(() => (isDone = true));
    await pause(500);
    for (let step = 0; step < place; step++) {
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    }
    while (!isDone) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
    }
    await done;
  };

  it('stand in groups by what they are for, and nothing is started to show them', async () => {
    await vscode.commands.executeCommand('transformerScope.models.focus');
    const found = Object.fromEntries(
      (await groups()).map(({ group, rows: within }) => [
        group,
        within.map((row) => (row.kind === 'model' ? row.source.id : row.plan.id)),
      ]),
    );
    assert.deepEqual(found, {
      attention: ['scope-bert'],
      generation: ['scope-gpt', 'scope-gpt-instruct'],
      sentiment: ['scope-bert-sentiment', 'scope-bert-sentiment-scratch'],
      pictures: ['scope-clip'],
      translation: ['scope-seq2seq'],
    });
    // The size and the languages of its card.
    assert.match(await described('scope-bert'), /^✓ · 3\.7 MB · en, zh · fp32, stored as int8$/);
    const told = await tooltip('scope-bert');
    for (const words of [
      'Used for: Attention, Masked words, Next sentence',
      'Parameters: 3,448,258',
      'Layers × heads: 4 × 6',
      'Longest text: 256 tokens',
      'Licence: Apache-2.0',
      'Languages: English, Chinese',
      'the inference process is not running',
      join('models', 'scope-bert'),
    ]) {
      assert.ok(told.includes(words), `${words} in\n${told}`);
    }
    assert.match(await tooltip('scope-seq2seq'), /encoder 3 × 4, decoder 2 × 4/);
    assert.equal(api.inferenceProcessId(), undefined);
    assert.equal(api.sidebar.status.text, '$(eye) scope-bert');
  });

  it('are loaded and unloaded one by one', async () => {
    await run('loadModel', await model('scope-gpt'));
    const process = api.inferenceProcessId();
    assert.notEqual(process, undefined);
    assert.equal(await described('scope-gpt'), '✓ · 3.8 MB · en, zh · q8');
    assert.equal((item(await model('scope-gpt')).iconPath as vscode.ThemeIcon).id, 'circle-filled');
    assert.equal(
      item(await model('scope-gpt')).accessibilityInformation?.label,
      'scope-gpt, in use, loaded, 3.8 MB · en, zh · q8',
    );
    assert.match(String(item(await model('scope-gpt')).contextValue), /^model bundle loaded card$/);
    assert.match(await tooltip('scope-gpt'), /3\.8 MB of graphs loaded · the process takes \d+(\.\d)? MB \(/);
    assert.match(api.sidebar.status.text, /^\$\(eye\) scope-bert · (native code|WASM)$/);
    await run('loadModel', await model('scope-clip'));
    assert.match(String(item(await model('scope-clip')).contextValue), / loaded /);

    await run('unloadModel', await model('scope-gpt'));
    assert.match(String(item(await model('scope-gpt')).contextValue), / unloaded /);
    assert.match(String(item(await model('scope-clip')).contextValue), / loaded /);
    assert.equal(api.inferenceProcessId(), process);
    if (workbench) {
      const told = await workbench.message(/scope-gpt was unloaded/);
      assert.match(told, /still takes|was freed|WASM gives no memory back/);
    }

    await run('unloadModels');
    assert.match(String(item(await model('scope-clip')).contextValue), / unloaded /);
    assert.equal(api.inferenceProcessId(), undefined);
    assert.equal(api.sidebar.status.text, '$(eye) scope-bert');
  });

  it('tell by themselves that something was loaded, and the status bar what is computed', async () => {
    // The view of the selection computes too while it is seen.
    await vscode.commands.executeCommand('workbench.view.explorer');
    let numChanges = 0;
    const texts = new Set<string>();
    const watching = api.sidebar.models.onDidChangeTreeData(() => numChanges++);
    const editor = await showText('The cat sat on the mat');
    editor.selection = new vscode.Selection(0, 0, 0, 22);
    let isDone = false;
    const running = Promise.resolve(run('visualizeWithModel', await model('scope-gpt'))).finally(
      () => (isDone = true),
    );
    while (!isDone) {
      texts.add(api.sidebar.status.text);
      await pause(10);
    }
    await running;
    watching.dispose();
    const state = api.attentionState();
    assert.equal(state.kind === 'ready' && state.view.model.id, 'scope-gpt');
    assert.equal(settings().get('model'), 'scope-bert', 'the chosen model stays');
    assert.ok(numChanges > 0);
    assert.ok(texts.has('$(loading~spin) scope-gpt: computing attention'), [...texts].join('\n'));
    await until(() => api.sidebar.status.text.startsWith('$(eye) scope-bert'));
    assert.match(String(item(await model('scope-gpt')).contextValue), / loaded /);
  });

  it('are put to use for what they can, and given up again', async () => {
    // Masks cannot be filled by it, so its uses are attention and sentiment.
    await answer(run('useModelFor', await model('scope-bert-sentiment')));
    assert.equal(settings().get('model'), 'scope-bert-sentiment');
    assert.deepEqual((await model('scope-bert-sentiment')).uses, ['attention', 'sentiment']);
    assert.deepEqual((await model('scope-bert')).uses, ['masks', 'nextSentence']);
    await answer(run('useModelFor', await model('scope-bert-sentiment')));
    assert.equal(settings().get('model'), 'scope-bert');

    await answer(run('useModelFor', await model('scope-gpt-instruct')), 1);
    assert.deepEqual(settings().get('taskModels'), { generation: 'scope-gpt-instruct' });
    assert.deepEqual((await model('scope-gpt-instruct')).uses, ['generation']);
    assert.deepEqual((await model('scope-gpt')).uses, []);
    await answer(run('useModelFor', await model('scope-gpt-instruct')), 1);
    assert.deepEqual((await model('scope-gpt')).uses, ['generation']);
  });

  it('say in their row why they cannot be looked into, until they can', async () => {
    const broken = join(`${folder}-elsewhere`, 'broken-bert');
    cpSync(join(extensionPath, 'models', 'scope-bert'), broken, { recursive: true });
    truncateSync(join(broken, 'onnx', 'model.onnx'), 100_000);
    await set('model', broken);
    assert.doesNotMatch(await described('broken-bert'), /could not be read/);
    const editor = await showText('The cat sat on the mat');
    editor.selection = new vscode.Selection(0, 0, 0, 22);
    await run('visualizeAttention');
    assert.equal(api.attentionState().kind, 'failed');
    assert.match(await described('broken-bert'), /^The model could not be read; its file may be damaged/);
    assert.match(await tooltip('broken-bert'), /Cannot be inspected/);
    assert.equal((item(await model('broken-bert')).iconPath as vscode.ThemeIcon).id, 'warning');

    cpSync(join(extensionPath, 'models', 'scope-bert'), broken, { recursive: true });
    await run('refreshModels');
    await run('loadModel', await model('broken-bert'));
    assert.match(await described('broken-bert'), /^✓ · 3\.7 MB/);
    await set('model', undefined);
    await until(
      async () => !(await rows()).some((row) => row.kind === 'model' && row.source.folder === broken),
    );
  });

  it('that were downloaded are checked, and deleted once the person has said so again', async () => {
    const place = join(folder, 'org', 'tiny-gpt', 'q8');
    mkdirSync(place, { recursive: true });
    cpSync(join(extensionPath, 'models', 'scope-gpt'), place, { recursive: true });
    const graph = { path: 'onnx/model_quantized.onnx', size: 3_770_010 };
    const plan = { id: 'org/tiny-gpt', dtype: 'q8', commit: 'abc', license: 'mit', files: [graph] };
    writeFileSync(join(place, '.transformer-scope.json'), JSON.stringify(plan));
    await run('refreshModels');
    const row = await model('org/tiny-gpt q8');
    assert.equal(row.group, 'generation');
    assert.match(await tooltip('org/tiny-gpt q8'), /Licence: mit/);
    await set('model', place);
    await run('loadModel', await model('org/tiny-gpt q8'));
    await run('checkModel', await model('org/tiny-gpt q8'));
    await workbench?.message(/all 1 files match the hub’s list/);
    await run('checkModel', await model('scope-bert'));
    await workbench?.message(/scope-bert: all 7 files are as shipped/);

    // The second entry keeps it.
    await answer(run('deleteModel', await model('org/tiny-gpt q8')), 1);
    assert.ok(existsSync(place));
    await answer(run('deleteModel', await model('org/tiny-gpt q8')));
    assert.equal(existsSync(place), false);
    assert.equal(settings().get('model'), 'scope-bert', 'the bundled model is used again');
    assert.ok(!(await rows()).some((each) => each.kind === 'model' && each.source.folder === place));
  });

  it('that come from the hub show how they come, are paused and go on', async () => {
    const files = filesOf(join(extensionPath, 'models', 'scope-gpt'));
    const id = 'org/coming-gpt';
    const server = (await TestHub.start()).add({ id, files, license: 'mit', task: 'text-generation' });
    await set('hubEndpoint', server.origin);
    const coming = async (): Promise<DownloadRow | undefined> =>
      (await rows()).find((row) => row.kind === 'download');
    try {
      server.fault = ({ at }) => (at === 'cdn' ? { stallAfter: 2_000_000 } : undefined);
      const running = answer(api.chooser.obtain({ id, revision: 'main' }));
      await until(async () => {
        const row = await coming();
        return row !== undefined && /[1-9].* of 4.* MB/.test(String(item(row).description));
      });
      const row = (await coming()) as DownloadRow;
      assert.equal(item(row).contextValue, 'download running');
      assert.equal(row.group, 'generation');
      await run('pauseDownload', row);
      await running;
      await until(async () => {
        const paused = await coming();
        return paused !== undefined && item(paused).contextValue === 'download paused';
      });
      server.fault = () => undefined;
      await run('resumeDownload', await coming());
      assert.equal((await model(`${id} q8`)).group, 'generation');
      assert.equal(await coming(), undefined);
    } finally {
      await set('hubEndpoint', undefined);
      await server.stop();
    }
  });

  it('that are not whole yet show how far they are', async () => {
    const work = join(folder, '.downloads', 'org--half--q8');
    mkdirSync(join(work, 'onnx'), { recursive: true });
    const graph = { path: 'onnx/model_quantized.onnx', size: 10_000_000 };
    const plan = { id: 'org/half', dtype: 'q8', commit: 'abc', task: 'fill-mask', files: [graph] };
    writeFileSync(join(work, '.transformer-scope.json'), JSON.stringify(plan));
    writeFileSync(join(work, 'onnx', 'model_quantized.onnx.incomplete'), Buffer.alloc(2_500_000));
    await run('refreshModels');
    const row = (await rows()).find((each) => each.kind === 'download');
    assert.ok(row);
    assert.match(String(item(row).description), /^Paused · 2\.5 MB of 10 MB$/);
    assert.equal(item(row).contextValue, 'download paused');
    assert.equal(row.group, 'attention');
    await run('discardDownload', row);
    assert.equal(existsSync(work), false);
    assert.ok(!(await rows()).some((each) => each.kind === 'download'));
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await probe())) {
    assert.ok(Date.now() < deadline, 'waited 20 s');
    await pause(25);
  }
}
