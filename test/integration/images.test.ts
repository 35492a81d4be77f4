import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { ImageSnapshot } from '../../src/protocol/imagePage';
import { closeEditors, showText } from './editors';
import { run, theExtension } from './extension';

/** Pictures and words inside real VS Code, from the command to what the page shows. */

const templates = 'This is a photo of {}.';

describe('images', function () {
  this.timeout(60_000);
  let api: ExtensionApi;
  let extensionPath: string;
  let folder: vscode.Uri;
  let path: string;

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    extensionPath = found.extensionPath;
    path = await mkdtemp(join(tmpdir(), 'scope-images-'));
    folder = vscode.Uri.file(path);
  });
  after(async () => {
    await closeEditors();
    await rm(path, { recursive: true, force: true });
  });

  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('transformerScope');
  const sampleNames = (): string[] => readdirSync(join(extensionPath, 'media', 'sample', 'images')).sort();
  const sample = (name: string): Uint8Array =>
    readFileSync(join(extensionPath, 'media', 'sample', 'images', name));
  const write = async (name: string, bytes: Uint8Array): Promise<vscode.Uri> => {
    const uri = vscode.Uri.joinPath(folder, name);
    await vscode.workspace.fs.writeFile(uri, bytes);
    return uri;
  };
  const until = async (what: string, done: (now: ImageSnapshot) => boolean): Promise<ImageSnapshot> => {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const now = api.images.snapshot();
      if (done(now)) {
        return now;
      }
      assert.ok(Date.now() < deadline, `waited for ${what}: ${JSON.stringify(now.search.run)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const tabs = (): NonNullable<ExtensionApi['images']['current']> => {
    assert.ok(api.images.current);
    return api.images.current;
  };
  const best = ({ labels }: ImageSnapshot): Record<string, string | undefined> =>
    Object.fromEntries(
      labels.results.map(({ id, scores }) => [
        labels.pictures.find((picture) => picture.id === id)?.name,
        scores[0]?.label,
      ]),
    );

  it('opens without labels and says how to begin, then classifies by typed ones', async () => {
    const uri = await write('red tree.png', sample('red-tree-on-the-right.png'));
    await run('classifyImage', uri);
    const empty = api.images.snapshot();
    assert.deepEqual([empty.tab, empty.labels.labels, empty.labels.results], ['labels', [], []]);
    assert.deepEqual(empty.labels.templates, [templates]);
    await tabs().setPrompts('red tree，blue tree, a green fish', templates);
    const { labels, model } = api.images.snapshot();
    assert.deepEqual(labels.labels, ['red tree', 'blue tree', 'a green fish']);
    const [first, ...others] = labels.results[0]?.scores ?? [];
    assert.equal(first?.label, 'red tree');
    const sum = others.reduce((total, { probability }) => total + probability, first.probability);
    assert.ok(Math.abs(sum - 1) < 1e-9);
    assert.deepEqual([model?.id, model?.scale.source], ['scope-clip', 'graph']);
    // The card of the model states what was trained.
    assert.ok(Math.abs((model?.scale.value ?? 0) - 30.4) < 0.1);
    assert.ok(Math.abs(first.logit - first.cosine * (model?.scale.value ?? 0)) < 1e-9);
  });

  it('takes several files of the explorer, in any format, and names what cannot be read', async () => {
    const fish = await write('fish.png', sample('two-orange-fish.png'));
    const circle = await write(
      'circle.svg',
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#f4f2ee"/><circle cx="32" cy="32" r="16" fill="rgb(220,30,35)"/></svg>',
      ),
    );
    const broken = await write('broken.png', sample('two-orange-fish.png').slice(0, 300));
    const size = [0xff, 0xff, 0xff, 0xff];
    const huge = await write(
      'huge.gif',
      Buffer.concat([Buffer.from('GIF89a'), Buffer.from(size), Buffer.alloc(40)]),
    );
    await run('classifyImage', fish, [fish, circle, broken, huge]);
    await tabs().setPrompts('two orange fish\na red circle\na purple cup', templates);
    const now = api.images.snapshot();
    assert.deepEqual(best(now), { 'fish.png': 'two orange fish', 'circle.svg': 'a red circle' });
    const skipped = now.labels.skipped.map(({ path: where, reason }) => `${where}: ${reason}`);
    assert.equal(skipped.length, 2);
    assert.match(skipped[0] ?? '', /broken\.png: a broken PNG/);
    assert.match(skipped[1] ?? '', /huge\.gif: 65535 × 65535 pixels/);
    const rows = tabs().labels.table().trimEnd().split('\n');
    assert.equal(rows.length, 3);
    assert.equal(rows[0]?.split('\t').length, 7);
  });

  it('keeps the labels for the next pictures, and says which words the model does not know', async () => {
    await tabs().setPrompts('red tree, giraffe', templates);
    assert.deepEqual(api.images.snapshot().labels.notes.unknown, ['giraffe']);
    await closeEditors();
    await run('classifyImage', await write('red tree.png', sample('red-tree-on-the-right.png')));
    assert.deepEqual(api.images.snapshot().labels.labels, ['red tree', 'giraffe']);
    assert.deepEqual(best(api.images.snapshot()), { 'red tree.png': 'red tree' });
  });

  it('has labels for the pictures that come with the extension', async () => {
    await tabs().setPrompts('', templates);
    const folderOfSamples = vscode.Uri.file(join(extensionPath, 'media', 'sample', 'images'));
    await run('classifyImage', vscode.Uri.joinPath(folderOfSamples, 'two-orange-fish.png'));
    assert.deepEqual(best(api.images.snapshot()), { 'two-orange-fish.png': 'two orange fish' });
  });

  it('refuses a template without a place for the label', async () => {
    await tabs().setPrompts('red tree', 'a photo');
    const { templates: kept, results } = api.images.snapshot().labels;
    assert.deepEqual([kept, results], [['a photo'], []]);
    await tabs().setPrompts('red tree', '');
    assert.deepEqual(api.images.snapshot().labels.templates, [templates]);
  });

  describe('of a folder', () => {
    let pictures: vscode.Uri;
    const names = (now: ImageSnapshot): string[] => now.search.found.map(({ picture }) => picture.name);

    before(async () => {
      pictures = vscode.Uri.joinPath(folder, 'pictures');
      for (const name of sampleNames()) {
        await write(`pictures/${name}`, sample(name));
      }
      await write('pictures/node_modules/hidden.png', sample('two-orange-fish.png'));
      await write('pictures/deep/broken.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
      await write('pictures/deep/notes.txt', Buffer.from('no picture'));
    });

    it('are found by what they show, the nearest first', async () => {
      await run('findImages', pictures);
      const ready = await until('an index', (now) => now.search.run.state === 'idle');
      assert.deepEqual([ready.tab, ready.search.numPictures, ready.search.numIndexed], ['search', 9, 8]);
      assert.deepEqual([ready.search.numAdded, ready.search.found], [8, []]);
      assert.equal(ready.search.skipped.length, 1);
      assert.match(ready.search.skipped[0]?.path ?? '', /deep\/broken\.jpg$/);
      for (const [query, name] of [
        ['a red tree', 'red-tree-on-the-right.png'],
        ['four yellow stars', 'four-yellow-stars.png'],
        ['一条黑色的小鱼在右上角', 'small-black-fish-in-the-top-right.png'],
      ] as const) {
        await tabs().setQuery(query);
        const now = api.images.snapshot();
        assert.equal(names(now)[0], name, query);
        const cosines = now.search.found.map(({ cosine }) => cosine);
        assert.deepEqual(
          cosines,
          [...cosines].sort((a, b) => b - a),
        );
      }
    });

    it('are classified where the folder itself is asked for', async () => {
      await run('classifyImage', pictures);
      await tabs().setPrompts('a red tree on the right, a pink cup', templates);
      const now = api.images.snapshot();
      assert.deepEqual([now.tab, now.labels.pictures.length, now.labels.skipped.length], ['labels', 9, 1]);
      assert.equal(best(now)['red-tree-on-the-right.png'], 'a red tree on the right');
    });

    it('are read once: only what is new is read again, and what is gone is dropped', async () => {
      await write('pictures/new.png', sample('two-orange-fish.png'));
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(pictures, 'four-yellow-stars.png'));
      const changed = vscode.Uri.joinPath(pictures, 'red-tree-on-the-right.png');
      await utimes(changed.fsPath, new Date(), new Date(Date.now() + 60_000));
      await closeEditors();
      await run('findImages', pictures);
      const { search } = api.images.snapshot();
      assert.deepEqual([search.numAdded, search.numDropped, search.numIndexed], [2, 1, 8]);
      assert.ok(search.found.every(({ picture }) => picture.name !== 'four-yellow-stars.png'));
      assert.equal(search.query, '一条黑色的小鱼在右上角');
    });

    it('are left out where the setting files.exclude hides them', async () => {
      const files = vscode.workspace.getConfiguration('files');
      await files.update('exclude', { '**/deep': true, '**/new.*': true }, vscode.ConfigurationTarget.Global);
      try {
        await run('findImages', pictures);
        const { search } = api.images.snapshot();
        assert.deepEqual([search.numPictures, search.skipped], [7, []]);
      } finally {
        await files.update('exclude', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    it('are kept as far as they were read when it is stopped', async () => {
      for (let index = 0; index < 60; index++) {
        await write(`pictures/many/${index}.png`, sample('two-orange-fish.png'));
      }
      const reading = run('findImages', pictures);
      await until(
        'some progress',
        (now) => now.search.run.state === 'working' && now.search.run.stage === 'pictures',
      );
      await tabs().search.stop();
      await reading;
      const stopped = await until('the end', (now) => now.search.run.state !== 'working');
      const { numIndexed } = stopped.search;
      assert.equal(stopped.search.run.state, 'stopped');
      assert.ok(numIndexed >= 7 && numIndexed < 67, String(numIndexed));
      await tabs().search.refresh();
      assert.equal(api.images.snapshot().search.numIndexed, 68);
    });

    it('may be none', async () => {
      const empty = vscode.Uri.joinPath(folder, 'empty');
      await vscode.workspace.fs.createDirectory(empty);
      await run('findImages', empty);
      const { search } = api.images.snapshot();
      assert.deepEqual([search.run, search.numPictures, search.found], [{ state: 'idle' }, 0, []]);
    });

    it('survive a panel that is closed while it reads', async () => {
      for (let index = 0; index < 30; index++) {
        await write(`closing/${index}.png`, sample('two-orange-fish.png'));
      }
      const closing = vscode.Uri.joinPath(folder, 'closing');
      const reading = run('findImages', closing);
      await until(
        'some progress',
        (now) => now.search.run.state === 'working' && now.search.run.stage === 'pictures',
      );
      await closeEditors();
      await reading;
      await run('findImages', closing);
      assert.equal(api.images.snapshot().search.numIndexed, 30);
    });
  });

  it('ranks the lines of the open document for a picture', async () => {
    await closeEditors();
    const uri = await write('heart.png', sample('big-blue-heart-in-the-middle.png'));
    await showText('a red tree\n\na big blue heart in the middle\ntwo orange fish\n');
    await run('findTexts', uri);
    const { tab, captions } = api.images.snapshot();
    assert.deepEqual([tab, captions.picture?.name, captions.texts.length], ['captions', 'heart.png', 3]);
    assert.deepEqual(
      [captions.found[0]?.text, captions.found[0]?.line],
      ['a big blue heart in the middle', 3],
    );
    await tabs().captions.reveal(captions.found[0]?.index ?? -1);
    assert.equal(vscode.window.visibleTextEditors[0]?.selection.start.line, 2);
  });

  it('comes back after a restart with what was asked', async () => {
    const panel = vscode.window.createWebviewPanel('transformerScope.images', 'x', vscode.ViewColumn.Two);
    await api.images.restore(panel);
    const now = await until('the ranking', ({ captions }) => captions.found.length === 3);
    assert.deepEqual([now.tab, now.captions.picture?.name], ['captions', 'heart.png']);
    await tabs().show('labels');
    assert.deepEqual(api.images.snapshot().labels.labels, ['red tree']);
  });

  it('lets the bundled CLIP stand in for a model that reads no texts', async () => {
    const vit = join(extensionPath, 'test', 'fixtures', 'vision', 'vit');
    await settings().update('imageModel', vit, vscode.ConfigurationTarget.Global);
    try {
      await run('classifyImage', await write('red tree.png', sample('red-tree-on-the-right.png')));
      const { model } = api.images.snapshot();
      assert.deepEqual([model?.id, model?.insteadOf], ['scope-clip', 'vit']);
    } finally {
      await settings().update('imageModel', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
