import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { ModelSource } from '../../src/protocol/model';
import { filesOf, TestHub, testToken } from '../hub/testHub';
import type { Workbench } from './workbench';
import { closeEditors, showText } from './editors';
import { set, theExtension, theWorkbench } from './extension';

/** Gets models from a hub of our own inside real VS Code: search, download, cuts, pause, failures. */

const id = 'org/tiny-gpt';
const graph = 'onnx/model_quantized.onnx';

describe('Models from the hub', function () {
  this.timeout(90_000);
  let api: ExtensionApi;
  let extensionPath: string;
  let server: TestHub;
  let folder: string;
  let files: Map<string, Buffer>;
  let workbench: Workbench | undefined;

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    ({ extensionPath } = found);
    files = filesOf(join(extensionPath, 'models', 'scope-gpt'));
    workbench = await theWorkbench();
  });
  beforeEach(async () => {
    server = (await TestHub.start()).add({ id, files, license: 'apache-2.0', task: 'text-generation' });
    folder = mkdtempSync(join(tmpdir(), 'transformer-scope-models-'));
    await set('hubEndpoint', server.origin);
    await set('downloadFolder', folder);
  });
  afterEach(async () => {
    api.downloads.pause();
    await server.stop();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('notifications.clearAll');
    rmSync(folder, { recursive: true, force: true });
  });
  after(async () => {
    for (const key of ['hubEndpoint', 'downloadFolder', 'model']) {
      await set(key, undefined);
    }
    await workbench?.disconnect();
    await closeEditors();
  });

  /** Gets a model by its name; whatever is asked meanwhile is answered with what is offered first. */
  const obtain = async (of = id): Promise<ModelSource | undefined> => {
    let isDone = false;
    const running = api.chooser.obtain({ id: of, revision: 'main' }).finally(() => (isDone = true));
    while (!isDone) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
    }
    return running;
  };
  const debris = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });
  /** With a person at the window the sentence is read; elsewhere only what is left counts. */
  const assertTold = async (words: RegExp): Promise<void> => {
    if (workbench) {
      assert.match(await workbench.message(words), words);
    }
  };

  it('goes on after three cuts, verifies, loads and shows attention', async () => {
    let cuts = 0;
    server.fault = ({ at }) => (at === 'cdn' && cuts < 3 ? { cutAfter: 500_000 + 1000 * cuts++ } : undefined);
    const model = await obtain();
    assert.deepEqual(model, { id: `${id} q8`, folder: join(folder, 'org', 'tiny-gpt', 'q8') });
    const transfers = server.seen.filter(({ at }) => at === 'cdn');
    assert.equal(transfers.length, 4);
    assert.deepEqual(
      transfers.map(({ range }) => range !== undefined),
      [false, true, true, true],
    );

    await set('model', model.folder);
    const editor = await showText('The cat sat on the mat');
    editor.selection = new vscode.Selection(0, 0, 0, 22);
    await vscode.commands.executeCommand('transformerScope.visualizeAttention');
    const state = api.attentionState();
    assert.equal(state.kind, 'ready', JSON.stringify(state).slice(0, 300));
    assert.equal(state.kind === 'ready' && state.view.model.id, `${id} q8`);
    assert.equal(state.kind === 'ready' && state.view.model.graphFile, graph);
    await set('model', undefined);
  });

  it('is paused in the middle and goes on later', async () => {
    server.fault = ({ at }) => (at === 'cdn' ? { stallAfter: 2_000_000 } : undefined);
    const running = obtain();
    await until(() => server.seen.some(({ at }) => at === 'cdn'));
    await until(() => sizeOf(folder) > 1_500_000);
    api.downloads.pause();
    assert.equal(await running, undefined);
    assert.ok(existsSync(join(folder, '.downloads')));
    server.fault = () => undefined;
    server.seen.length = 0;
    assert.equal((await obtain())?.id, `${id} q8`);
    assert.match(server.seen.find(({ at }) => at === 'cdn')?.range ?? '', /^bytes=\d{6,}-$/);
    assert.deepEqual(readdirSync(folder), ['org']);
  });

  it('asks the network for nothing once the model is here', async () => {
    await obtain();
    server.seen.length = 0;
    assert.equal((await obtain())?.id, `${id} q8`);
    assert.deepEqual(server.seen, []);
  });

  it('is searched for, priced, downloaded and put to use by hand', async function () {
    if (!workbench) {
      // The window of a desktop VS Code cannot be reached from here.
      this.skip();
    }
    server.fault = ({ at }) => (at === 'cdn' ? { bytesPerSecond: 4_000_000 } : undefined);
    server.seen.length = 0;
    const running = vscode.commands.executeCommand('transformerScope.chooseModel');
    await pause(1000);
    assert.deepEqual(server.seen, [], 'nothing is asked of the network before the person asks for it');
    await workbench.pick(/Model to inspect/, 'Search the hub', /Search the hub/);
    await workbench.pick(/Search 127\.0\.0\.1/, 'tiny', /org\/tiny-gpt/);
    await workbench.pick(/org\/tiny-gpt · apache-2\.0 · text-generation/, '', /q8.*MB/);
    assert.match(await workbench.message(/Downloading org\/tiny-gpt/), /MB|Checking/);
    await running;
    const model = vscode.workspace.getConfiguration('transformerScope').get('model');
    assert.equal(model, join(folder, 'org', 'tiny-gpt', 'q8'));
    await set('model', undefined);
  });

  it('needs a token, says so, and takes one', async function () {
    server.add({ id: 'org/private', files, access: 'private' });
    assert.equal(await obtain('org/private'), undefined);
    await assertTold(/does not give access to this model.*set a token/);
    assert.deepEqual(debris(), []);
    if (!workbench) {
      this.skip();
    }
    await workbench.press('Set Token');
    await workbench.enter(/Hugging Face Token/, testToken);
    await workbench.message(/token was saved/);
    assert.equal((await obtain('org/private'))?.id, 'org/private q8');
    for (const { at, authorization } of server.seen.slice(-5)) {
      assert.equal(authorization, at === 'cdn' ? undefined : `Bearer ${testToken}`);
    }
    const forgetting = vscode.commands.executeCommand('transformerScope.setHubToken');
    await workbench.enter(/Hugging Face Token/, '');
    await forgetting;
    await workbench.message(/token was removed/);
  });

  it('lists what is here, checks it, and deletes it', async function () {
    if (!workbench) {
      this.skip();
    }
    const model = await obtain();
    await set('model', model?.folder);
    const manage = async (action: string, isToFail = false): Promise<void> => {
      const running = vscode.commands.executeCommand('transformerScope.manageModels');
      await workbench?.pick(
        /Models on this machine: 4 MB · .* free/,
        'tiny',
        /org\/tiny-gpt.*q8.*apache-2\.0.*In use/,
      );
      await workbench?.pick(/org\/tiny-gpt · q8/, action, new RegExp(action));
      // A command that fails ends when its message is closed.
      await (isToFail ? undefined : running);
    };
    await manage('Check its files');
    await workbench.message(/org\/tiny-gpt: all \d files match the hub’s list/);
    writeFileSync(join(model?.folder ?? '', 'config.json'), '{}');
    await manage('Check its files', true);
    await workbench.message(/not the one that the hub lists.*config\.json/);
    await manage('Delete');
    assert.deepEqual(debris(), []);
    assert.equal(vscode.workspace.getConfiguration('transformerScope').get('model'), 'scope-bert');
  });

  it('takes a folder, and names what is missing in one that is no model', async function () {
    if (!workbench) {
      this.skip();
    }
    const broken = join(folder, 'broken');
    mkdirSync(join(broken, 'onnx'), { recursive: true });
    writeFileSync(join(broken, 'config.json'), '<!doctype html>');
    writeFileSync(join(broken, 'onnx', 'model.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
    const open = async (path: string): Promise<ModelSource | undefined> => {
      let isDone = false;
      const running = api.chooser.pickFolder().finally(() => (isDone = true));
      const dialog = (workbench as Workbench).page.locator('.quick-input-widget');
      const button = dialog.locator('.monaco-button', { hasText: 'Use This Model' });
      await button.waitFor();
      const input = dialog.locator('input').first();
      await input.fill(`${path}/`);
      // The dialog may write its own folder over what was typed, and a click while it still reads does nothing.
      while (!isDone) {
        await pause(1000);
        if ((await input.inputValue({ timeout: 1000 }).catch(() => path)).replace(/\/$/, '') !== path) {
          await input.fill(`${path}/`, { timeout: 1000 }).catch(() => undefined);
          await pause(1000);
        }
        await button.click({ timeout: 1000 }).catch(() => undefined);
      }
      return running;
    };
    assert.equal(await open(broken), undefined);
    await assertTold(
      /model is incomplete.*config\.json is an HTML page.*tokenizer\.json is missing.*model\.onnx is a Git LFS pointer/,
    );
    const whole = join(extensionPath, 'models', 'scope-gpt');
    assert.deepEqual(await open(whole), { id: 'scope-gpt', folder: whole });
  });

  it('offers a larger model where words are predicted, once', async function () {
    if (!workbench) {
      this.skip();
    }
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    const predict = async (): Promise<number> => {
      const editor = await showText('The cat sat on the ');
      editor.selection = new vscode.Selection(0, 19, 0, 19);
      const running = vscode.commands.executeCommand('transformerScope.predictMasks');
      await rows.filter({ hasText: /\d%/ }).first().waitFor();
      // Upwards from the first is the last.
      await workbench?.page.keyboard.press('ArrowUp');
      await pause(500);
      const offers = await rows.filter({ hasText: /A larger model knows more words/ }).count();
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await running;
      return offers;
    };
    assert.equal(await predict(), 1);
    assert.equal(await predict(), 0);
    assert.equal(
      vscode.workspace.getConfiguration('transformerScope').inspect('model')?.globalValue,
      undefined,
    );
  });

  it('refuses a file with another hash', async () => {
    const wrong = Buffer.from(files.get(graph)!);
    wrong[100_000]! ^= 1;
    server.add({ id, files, sent: new Map([[graph, wrong]]) });
    assert.equal(await obtain(), undefined);
    await assertTold(/not the one that the hub lists.*Try again.*model_quantized\.onnx/);
    assert.deepEqual(debris(), []);
  });

  it('points to converted models where a repository has none', async () => {
    server.add({ id: 'org/torch-gpt', files: new Map([['config.json', Buffer.from('{}')]]) });
    assert.equal(await obtain('org/torch-gpt'), undefined);
    await assertTold(/no ONNX files.*Search the hub/);
    if (workbench) {
      await workbench.press('Search the Hub');
      await workbench.page.locator('.quick-input-title', { hasText: /Search 127/ }).waitFor();
      await workbench.page.keyboard.press('Escape');
    }
    assert.deepEqual(debris(), []);
  });

  it('follows an endpoint that sends to another host', async () => {
    const mirror = await TestHub.start();
    mirror.fault = ({ path }) => ({
      status: 308,
      headers: { location: `${server.origin}${path}?blobs=true` },
    });
    try {
      await set('hubEndpoint', mirror.origin);
      assert.equal((await obtain())?.id, `${id} q8`);
    } finally {
      await mirror.stop();
    }
  });

  it('goes through the proxy that VS Code is set to', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url ?? '');
      const target = connect(Number(new URL(server.origin).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const http = vscode.workspace.getConfiguration('http');
    const { port } = proxy.address() as AddressInfo;
    try {
      await http.update('proxy', `http://127.0.0.1:${port}`, vscode.ConfigurationTarget.Global);
      // No such host: only the proxy knows it.
      await set('hubEndpoint', 'http://models.example.invalid');
      assert.equal((await obtain())?.id, `${id} q8`);
      assert.equal(asked[0], 'models.example.invalid:80');
    } finally {
      await http.update('proxy', undefined, vscode.ConfigurationTarget.Global);
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('tells that the disk is full and leaves it empty', async function () {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      // Room for the model, until somebody else writes.
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      // Only root can make a small disk.
      this.skip();
    }
    try {
      await set('downloadFolder', disk);
      server.fault = ({ at }) => (at === 'cdn' ? { bytesPerSecond: 2_000_000 } : undefined);
      const running = obtain();
      await until(() => sizeOf(disk) > 1_000_000);
      writeFileSync(join(disk, 'other'), Buffer.alloc(3_500_000));
      assert.equal(await running, undefined);
      await assertTold(/disk is full.*Free some space/);
      assert.deepEqual(readdirSync(disk), ['other']);
      // The next try is told before it begins.
      server.seen.length = 0;
      assert.equal(await obtain(), undefined);
      await assertTold(/disk is full.*5 MB needed, 3 MB free/);
      assert.ok(!server.seen.some(({ at }) => at === 'cdn'));
    } finally {
      await set('downloadFolder', folder);
      execFileSync('umount', [disk]);
    }
  });

  it('says what to do when the hub cannot be reached', async () => {
    await server.stop();
    assert.equal(await obtain(), undefined);
    await assertTold(/connection to the hub failed.*proxy.*Hub Endpoint.*ECONNREFUSED/);
    assert.deepEqual(debris(), []);
  });
});

/** A part may be renamed while it is looked at. */
function sizeOf(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const size = (name: string): number => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return names.reduce((sum, name) => sum + size(name), 0);
}

async function until(probe: () => boolean): Promise<void> {
  for (let tries = 0; !probe(); tries++) {
    assert.ok(tries < 600, 'waited a minute');
    await pause(100);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
