import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import esbuild from 'esbuild';
import { openArchive } from '../../src/archive/openArchive';
import { StudyArchive } from '../../src/archive/studyArchive';
import { seededRandom } from '../../src/prompts/random';
import { type CellResult, cellKey } from '../../src/protocol/prompts';

const root = join(__dirname, '..', '..');
const script = join(root, 'out', 'steadyRun.cjs');

/** A run of 500 cells in a process that is killed again and again, where chance will have it. */
describe('a run that is killed', function () {
  this.timeout(120_000);
  const folders: string[] = [];

  before(async () => {
    await esbuild.build({
      entryPoints: [join(root, 'test', 'unit', 'steadyRun.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['node-sqlite3-wasm'],
      logLevel: 'silent',
    });
  });
  after(() => {
    folders.forEach((folder) => {
      rmSync(folder, { recursive: true });
    });
  });

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'scope-killed-'));
    folders.push(folder);
    return folder;
  }

  async function start(folder: string, numItems = 100): Promise<ChildProcess> {
    const child = spawn(process.execPath, [script, folder, String(numItems)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout as NodeJS.EventEmitter, 'data');
    return child;
  }

  const lines = (folder: string, name: string): string[] => {
    try {
      return readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  };

  /** What another window finds in the archive. */
  async function kept(folder: string): Promise<Map<string, CellResult>> {
    const archive = new StudyArchive({
      open: () => Promise.resolve(openArchive(folder, (path) => assert.fail(path))),
      unwritable: (error) => assert.fail(error),
      changed: () => undefined,
      log: (message) => assert.fail(message),
    });
    const results = (await archive.read('steady'))?.results ?? [];
    await archive.close();
    assert.equal(new Set(results.map(cellKey)).size, results.length);
    return new Map(results.map((result) => [cellKey(result), result]));
  }

  it('loses no finished cell, asks none twice, and ends as a run that nobody disturbed', async () => {
    const random = seededRandom(20);
    const folder = newFolder();
    let child = await start(folder);
    let kills = 0;
    for (; kills < 6; kills++) {
      await delay(5 + 200 * random());
      if (child.exitCode !== null) {
        break;
      }
      child.kill('SIGKILL');
      await once(child, 'close');
      const now = await kept(folder);
      const told = lines(folder, 'told');
      assert.deepEqual(
        told.filter((cell) => !now.has(cell)),
        [],
        'an answer that was told is lost',
      );
      // A question whose answer had not come when the process died is all that may be missing.
      const asks = lines(folder, 'asks');
      assert.ok(
        asks.length - now.size <= kills + 1,
        `${asks.length} asked, ${now.size} kept, ${kills + 1} kills`,
      );
      child = await start(folder);
    }
    if (child.exitCode === null) {
      await once(child, 'close');
    }
    assert.ok(kills >= 3, `only ${kills} kills came before the end`);
    const results = await kept(folder);
    assert.equal(results.size, 500);

    const asks = lines(folder, 'asks');
    const times = new Map<string, number[]>();
    asks.forEach((ask, index) => {
      const [, prompt = ''] = ask.split(' ');
      times.set(prompt, [...(times.get(prompt) ?? []), index]);
    });
    assert.equal(times.size, 500, 'every prompt was asked');
    for (const [prompt, at] of times) {
      for (const index of at.slice(0, -1)) {
        const [pid] = (asks[index] ?? '').split(' ');
        const [next] = (asks[index + 1] ?? '').split(' ');
        assert.notEqual(pid, next, `${prompt} was asked again though its answer had come`);
      }
    }

    const other = newFolder();
    await once(await start(other), 'close');
    const calm = await kept(other);
    const bare = (all: ReadonlyMap<string, CellResult>): unknown[] =>
      [...all.values()]
        .map((result) => ({ ...result, milliseconds: 0 }))
        .sort((a, b) => (cellKey(a) < cellKey(b) ? -1 : 1));
    assert.deepEqual(bare(results), bare(calm));
    assert.equal(lines(other, 'asks').length, 500);
  });

  it('waits for another process that writes to the same archive', async () => {
    const folder = newFolder();
    const children = await Promise.all([start(folder, 20), start(folder, 20)]);
    await Promise.all(children.map((child) => once(child, 'close')));
    assert.equal((await kept(folder)).size, 100);
  });
});
