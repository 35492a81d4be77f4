import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelectedText } from '../../src/host/selectedText';
import {
  type HistoryContent,
  type HistoryEntry,
  entryOf,
  keptLook,
  maxCharacters,
  textOf,
  titleOf,
} from '../../src/panels/historyEntry';
import { HistoryStore, maxEntries } from '../../src/panels/historyStore';

const bert = { id: 'scope-bert', folder: '/models/scope-bert' };
const gpt = { id: 'scope-gpt', folder: '/models/scope-gpt' };
const selected = (text: string): SelectedText => ({
  text,
  wasCut: false,
  uri: 'file:///a.md',
  offset: 3,
  name: 'a.md',
  startLine: 1,
  endLine: 2,
});
const attention = (text: string, model = bert): HistoryContent => ({
  kind: 'attention',
  subject: { text: selected(text) },
  model,
});

describe('an entry of the history', () => {
  it('is the same for the same text by the same model, wherever it stands', () => {
    const { id } = entryOf(attention('some words'), 1);
    const moved = { ...selected('some words'), uri: 'file:///b.md', offset: 99 };
    assert.equal(entryOf({ kind: 'attention', subject: { text: moved }, model: bert }, 2).id, id);
    const pair = { ...moved, pair: { firstEnd: 4, secondStart: 5, secondOffset: 0 } };
    const others: HistoryContent[] = [
      attention('other words'),
      attention('some words', gpt),
      { kind: 'attention', subject: { text: pair }, model: bert },
      { kind: 'attention', subject: { picture: 'some words' }, model: bert },
      {
        kind: 'comparison',
        request: { text: selected('some words'), models: { left: bert, right: gpt }, others: [] },
        notes: '',
      },
    ];
    const ids = new Set([id, ...others.map((content) => entryOf(content, 1).id)]);
    assert.equal(ids.size, 6);
  });

  it('keeps a long text up to a limit, says how much it dropped, and splits no character', () => {
    const whole = entryOf(attention('x'.repeat(maxCharacters)), 1);
    assert.equal(whole.dropped, undefined);
    assert.equal(textOf(whole.content)?.wasCut, false);
    // The emoji's two halves stand on both sides of the limit.
    const cut = entryOf(attention(`${'x'.repeat(maxCharacters - 1)}😀 and more`), 1);
    assert.equal(textOf(cut.content)?.text, 'x'.repeat(maxCharacters - 1));
    assert.equal(textOf(cut.content)?.wasCut, true);
    assert.equal(cut.dropped, '😀 and more'.length);
  });

  it('keeps the beginning of both texts of a pair', () => {
    const first = 'a'.repeat(15_000);
    const second = 'b'.repeat(12_000);
    const text = {
      ...selected(`${first}\n${second}`),
      pair: { firstEnd: 15_000, secondStart: 15_001, secondOffset: 20_000 },
    };
    const entry = entryOf({ kind: 'attention', subject: { text }, model: bert }, 1);
    const kept = textOf(entry.content) as SelectedText;
    assert.equal(kept.text.slice(0, kept.pair?.firstEnd), 'a'.repeat(10_000));
    assert.equal(kept.text.slice(kept.pair?.secondStart), 'b'.repeat(10_000));
    assert.equal(kept.pair?.secondOffset, 20_000);
    assert.equal(entry.dropped, 7000);
  });

  it('drops what it was compared with where that is long, and a page’s state that is enormous', () => {
    const compared = { with: 'text', text: 'x'.repeat(maxCharacters + 1) } as const;
    const { content } = entryOf({ ...attention('short'), compared } as HistoryContent, 1);
    assert.equal('compared' in content, false);
    assert.deepEqual(keptLook({ layer: 1 }), { layer: 1 });
    assert.equal(keptLook({ junk: 'x'.repeat(maxCharacters) }), undefined);
    assert.equal(keptLook(undefined), undefined);
  });

  it('is called by its name, the picture, or the beginning of the text in one line', () => {
    const entry = entryOf(attention('  first line\n\tsecond  '), 1);
    assert.equal(titleOf(entry), 'first line second');
    assert.equal(titleOf({ ...entry, name: 'my finding' }), 'my finding');
    const picture: HistoryContent = {
      kind: 'attention',
      subject: { picture: 'file:///a/green%20house.png' },
      model: bert,
    };
    assert.equal(titleOf({ content: picture }), 'green house.png');
    const odd: HistoryContent = { kind: 'attention', subject: { picture: 'x/50%.png' }, model: bert };
    assert.equal(titleOf({ content: odd }), '50%.png');
    assert.equal(titleOf(entryOf(attention('😀'.repeat(500)), 1)), '😀'.repeat(120));
  });
});

describe('the history on disk', () => {
  let folder: string;
  let log: string[];
  let store: HistoryStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'transformer-scope-history-'));
    log = [];
    store = new HistoryStore(folder, (message) => log.push(message));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const again = (): Promise<HistoryEntry[]> => new HistoryStore(folder, () => undefined).list();

  it('is there after a restart, the latest first', async () => {
    await store.put(entryOf(attention('one'), 1000));
    await store.put(entryOf(attention('two'), 3000));
    await store.put(entryOf(attention('three'), 2000));
    assert.deepEqual((await again()).map(titleOf), ['two', 'three', 'one']);
  });

  it('keeps the name and the place of an entry that is analysed again', async () => {
    const entry = entryOf(attention('one'), 1000);
    await store.put(entry);
    await store.change(entry.id, (before) => ({ ...before, name: 'kept', look: { layer: 2 } }));
    await store.put(entryOf(attention('one'), 5000));
    assert.deepEqual(await again(), [{ ...entry, time: 5000, name: 'kept', look: { layer: 2 } }]);
  });

  it('brings back what was removed, and changes nothing that is gone', async () => {
    const entry = entryOf(attention('one'), 1000);
    await store.put(entry);
    const removed = await store.remove([entry.id, 'unknown']);
    assert.deepEqual(removed, [entry]);
    await store.change(entry.id, (before) => ({ ...before, look: 1 }));
    assert.deepEqual(await again(), []);
    await store.put(removed[0] as HistoryEntry);
    assert.deepEqual(await again(), [entry]);
  });

  it('leaves out files that it cannot read', async () => {
    await store.put(entryOf(attention('one'), 1000));
    writeFileSync(join(folder, 'broken.json'), '{"id": "broken", ');
    writeFileSync(join(folder, 'foreign.json'), '{"id": "foreign", "time": 1, "content": {"kind": "song"}}');
    writeFileSync(join(folder, 'renamed.json'), JSON.stringify(entryOf(attention('two'), 1)));
    assert.deepEqual((await store.list()).map(titleOf), ['one']);
  });

  it('says how many of the oldest gave way', async () => {
    const old = entryOf(attention('old'), 1);
    await store.put(old);
    utimesSync(join(folder, `${old.id}.json`), 1, 1);
    for (let index = 1; index < maxEntries; index++) {
      assert.equal(await store.put(entryOf(attention(`text ${index}`), index)), 0);
    }
    assert.equal((await store.list()).length, maxEntries);
    assert.equal(await store.put(entryOf(attention('new'), 5000)), 1);
    const titles = (await store.list()).map(titleOf);
    assert.equal(titles.length, maxEntries);
    assert.ok(titles.includes('new') && !titles.includes('old'));
  });

  it('tells of a disk that cannot be written to, and goes on', async () => {
    const blocked = new HistoryStore(join(folder, 'file', 'below'), (message) => log.push(message));
    writeFileSync(join(folder, 'file'), '');
    assert.equal(await blocked.put(entryOf(attention('one'), 1)), 0);
    assert.match(log[0] ?? '', /could not be written/);
    assert.deepEqual(await blocked.list(), []);
  });

  it('loses nothing when two windows write at once', async function () {
    this.timeout(30_000);
    const script = join(__dirname, '..', 'history', 'historyChild.ts');
    const run = (name: string): Promise<number | null> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', script, folder, name, '60'], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        child.on('exit', resolve);
      });
    assert.deepEqual(await Promise.all([run('left'), run('right')]), [0, 0]);
    const entries = await again();
    const titles = new Set(entries.map(titleOf));
    for (let index = 0; index < 60; index++) {
      assert.ok(titles.has(`left ${index}`) && titles.has(`right ${index}`), `${index}`);
    }
    assert.equal(entries.length, 121);
    const shared = entries.find((entry) => titleOf(entry) === 'shared.png');
    assert.equal((shared?.look as { index: number }).index, 59);
    assert.ok(readdirSync(folder).every((name) => name.endsWith('.json')));
  });
});
