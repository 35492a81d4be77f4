import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { AttentionState, AttentionView } from '../../src/protocol/attentionPage';
import { closeEditors } from './editors';
import { theExtension } from './extension';

/** A picture file looked into, inside real VS Code: the page on the screen decodes what only a browser reads. */
describe('Visualize Attention of Image', function () {
  this.timeout(60_000);
  const command = 'transformerScope.visualizeImage';
  let api: ExtensionApi;
  let folder: vscode.Uri;
  let fixtures: string;
  const image = (name: string): Uint8Array => readFileSync(join(fixtures, 'images', name));

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    fixtures = join(found.extensionPath, 'test', 'fixtures', 'vision');
    await settings().update('imageModel', join(fixtures, 'vit'), vscode.ConfigurationTarget.Global);
    folder = vscode.Uri.file(join(found.extensionPath, 'out', `pictures-${process.pid}`));
    await vscode.workspace.fs.createDirectory(folder);
  });
  after(async () => {
    await settings().update('imageModel', undefined, vscode.ConfigurationTarget.Global);
    await vscode.workspace.fs.delete(folder, { recursive: true });
    await closeEditors();
  });

  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('transformerScope');
  const write = async (name: string, bytes: Uint8Array): Promise<vscode.Uri> => {
    const uri = vscode.Uri.joinPath(folder, name);
    await vscode.workspace.fs.writeFile(uri, bytes);
    return uri;
  };
  const viewOf = (state: AttentionState | null): AttentionView => {
    assert.equal(state?.kind, 'ready', JSON.stringify(state).slice(0, 300));
    return (state as Extract<AttentionState, { kind: 'ready' }>).view;
  };
  const failure = (): Extract<AttentionState, { kind: 'failed' }> => {
    const state = api.attentionState();
    assert.equal(state.kind, 'failed', JSON.stringify(state).slice(0, 300));
    return state as Extract<AttentionState, { kind: 'failed' }>;
  };

  it('shows the attention of a picture’s patches, equal to PyTorch', async () => {
    await vscode.commands.executeCommand(command, await write('scene.png', image('scene.png')));
    const view = viewOf(api.attentionState());
    const expected = JSON.parse(readFileSync(join(fixtures, 'vit', 'expected.json'), 'utf8')) as {
      attention: { values: string };
    };
    const wanted = new Float32Array(Uint8Array.from(Buffer.from(expected.attention.values, 'base64')).buffer);
    const cells = view.tokens.length ** 2;
    const got = new Float32Array(await api.attentionHead({ runId: view.runId, layer: 1, head: 2 }));
    assert.equal(got.length, cells);
    got.forEach((weight, index) => {
      assert.ok(Math.abs(weight - wanted[6 * cells + index]!) <= 1e-4, `cell ${index}`);
    });
    assert.deepEqual([view.source.name, view.grid?.rows, view.grid?.columns], ['scene.png', 2, 3]);
    assert.equal(api.attention.place, undefined);
  });

  it('takes the picture in the active editor', async () => {
    await vscode.commands.executeCommand('vscode.open', await write('open.png', image('tall.png')));
    await vscode.commands.executeCommand(command);
    assert.equal(viewOf(api.attentionState()).source.name, 'open.png');
  });

  it('has the page decode a GIF and an SVG', async () => {
    const gif = Buffer.from('R0lGODdhAwACAIEAAP8AAAAAAAAAAAAAACwAAAAAAwACAAAIBgABCBwYEAA7', 'base64');
    await vscode.commands.executeCommand(command, await write('a.gif', gif));
    assert.equal(viewOf(api.attentionState()).grid?.pictureWidth, 3);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle r="4"/></svg>';
    await vscode.commands.executeCommand(command, await write('a.svg', Buffer.from(svg)));
    assert.equal(viewOf(api.attentionState()).grid?.pictureWidth, 1024);
  });

  it('names a broken file, an enormous one, a text with a false name and a file that is gone', async () => {
    const huge = Buffer.concat([
      Buffer.from('GIF89a'),
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      Buffer.alloc(40),
    ]);
    for (const [name, bytes, told] of [
      ['half.png', image('scene.png').slice(0, 500), /half\.png: a broken PNG/],
      ['broken.webp', Buffer.from(`RIFFxxxxWEBP${'x'.repeat(40)}`), /broken\.webp: /],
      ['huge.gif', huge, /huge\.gif: 65535 × 65535 pixels/],
      ['text.png', Buffer.from('hello'), /text\.png: PNG, JPEG, WebP, GIF, BMP and SVG are read/],
      ['empty.png', Buffer.alloc(0), /empty\.png: the file is empty/],
    ] as const) {
      await vscode.commands.executeCommand(command, await write(name, bytes));
      assert.match(failure().detail ?? '', told);
    }
    await vscode.commands.executeCommand(command, vscode.Uri.joinPath(folder, 'gone.png'));
    assert.match(failure().detail ?? '', /gone\.png: /);
    await vscode.commands.executeCommand(command, await write('again.png', image('rgb.png')));
    assert.equal(viewOf(api.attentionState()).source.name, 'again.png');
  });

  it('takes the bundled model of pictures when none was chosen', async () => {
    await settings().update('imageModel', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand(command, await write('again.png', image('rgb.png')));
    const { model, grid } = viewOf(api.attentionState());
    assert.deepEqual([model.id, grid?.rows, grid?.columns, grid?.numSpecial], ['scope-clip', 8, 8, 1]);
  });

  it('exports one HTML file, and comes back after a restart', async () => {
    const { runId } = viewOf(api.attentionState());
    const content = new TextEncoder().encode(JSON.stringify({ theme: 'vscode-dark', style: {} })).buffer;
    const html = new TextDecoder().decode(await api.exportedAttention({ runId, format: 'html', content }));
    assert.match(html, /id="weights"/);
    const panel = vscode.window.createWebviewPanel('transformerScope.attention', 'x', vscode.ViewColumn.Two);
    await api.attention.restore(panel);
    assert.equal(viewOf(api.attentionState()).source.name, 'again.png');
  });
});
