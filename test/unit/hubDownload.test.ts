import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import {
  downloadModel,
  type DownloadOptions,
  type DownloadProgress,
  planDownload,
} from '../../src/hub/downloadModel';
import type { Hub } from '../../src/hub/hub';
import { HubError } from '../../src/hub/hubError';
import { ModelStore } from '../../src/hub/modelStore';
import { variantsOf } from '../../src/hub/variants';
import { type ErrorCode, isScopeError } from '../../src/protocol/errors';
import { clientOf, impatient, madeUpFiles, noise, temporaryFolder } from '../hub/fixtures';
import { TestHub, testToken } from '../hub/testHub';

/** Whole downloads from a hub of our own over real connections. */
describe('a download', () => {
  const id = 'org/name';
  const graph = 'onnx/model_quantized.onnx';
  const files = madeUpFiles(300_000);
  let server: TestHub;
  let store: ModelStore;
  let remove: () => void;

  beforeEach(async () => {
    server = (await TestHub.start()).add({ id, files, license: 'mit', task: 'fill-mask' });
    const temporary = temporaryFolder();
    store = new ModelStore(join(temporary.folder, 'models'));
    ({ remove } = temporary);
  });
  afterEach(async () => {
    await server.stop();
    remove();
  });

  const download = async (
    options: DownloadOptions = {},
    hub: Hub = clientOf(server),
    of = id,
  ): Promise<string> => {
    const model = await hub.model({ id: of, revision: 'main' });
    const [variant] = variantsOf(model.files);
    assert.ok(variant);
    return downloadModel(hub, store, await planDownload(hub, model, variant), options);
  };
  const failsWith = async (running: Promise<unknown>, code: ErrorCode, detail = /./): Promise<void> => {
    await assert.rejects(running, (error) => isScopeError(error, code) && detail.test(error.detail ?? ''));
  };
  const leftovers = (): string[] =>
    existsSync(store.root) ? readdirSync(store.root, { recursive: true, encoding: 'utf8' }) : [];
  const assertWhole = (folder: string, wanted: ReadonlyMap<string, Buffer> = files): void => {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const content = wanted.get(name.replaceAll('\\', '/'));
      if (content) {
        assert.ok(readFileSync(join(folder, name)).equals(content), name);
      }
    }
    assert.ok(readFileSync(join(folder, graph)).equals(wanted.get(graph) as Buffer));
  };

  it('brings what the model needs and nothing else, into its own folder', async () => {
    const seen: DownloadProgress[] = [];
    const folder = await download({ onProgress: (progress) => seen.push(progress) });
    assert.equal(folder, join(store.root, 'org', 'name', 'q8'));
    assertWhole(folder);
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['.transformer-scope.json', 'README.md', 'config.json', 'onnx', 'tokenizer.json'].sort(),
    );
    assert.deepEqual(readdirSync(join(folder, 'onnx')), ['model_quantized.onnx']);
    const last = seen.at(-1);
    assert.equal(last?.bytes, last?.total);
    const [stored] = await store.models();
    assert.equal(stored?.id, id);
    assert.equal(stored.license, 'mit');
    assert.equal(store.nameOf(folder), 'org/name q8');
  });

  it('asks the network for nothing when the model is there', async () => {
    const hub = clientOf(server);
    const model = await hub.model({ id, revision: 'main' });
    const plan = await planDownload(hub, model, variantsOf(model.files)[0]!);
    await downloadModel(hub, store, plan);
    server.seen.length = 0;
    await downloadModel(hub, store, plan);
    assert.deepEqual(server.seen, []);
  });

  it('ends with the same bytes wherever the connection is cut', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 4 }), async (cuts) => {
        const left = [...cuts];
        server.fault = ({ at }) => {
          const cutAfter = at === 'cdn' ? left.shift() : undefined;
          return cutAfter === undefined ? undefined : { cutAfter };
        };
        const folder = await download();
        assertWhole(folder);
        await store.remove(folder);
      }),
      { numRuns: 25 },
    );
    assert.deepEqual(leftovers(), []);
  });

  it('goes on where it was, after a cancel and in another process', async () => {
    const stop = new AbortController();
    server.fault = ({ at }) => (at === 'cdn' ? { stallAfter: 120_000 } : undefined);
    const running = download({
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes > 100_000 && stop.abort(),
    });
    await failsWith(running, 'cancelled', /|/);
    const [paused] = await store.paused();
    assert.ok(paused && paused.bytes > 60_000 && paused.bytes < paused.total);
    assert.deepEqual(await store.models(), []);
    server.fault = () => undefined;
    server.seen.length = 0;
    assertWhole(await download());
    const again = server.seen.find(({ at }) => at === 'cdn');
    assert.match(again?.range ?? '', /^bytes=\d{5,}-$/);
    assert.deepEqual(await store.paused(), []);
  });

  it('goes on after its process was killed in the middle', async function () {
    this.timeout(60_000);
    server.fault = ({ at }) => (at === 'cdn' ? { bytesPerSecond: 150_000 } : undefined);
    const script = join(__dirname, '..', 'hub', 'downloadChild.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, server.origin, store.root, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (lines: Buffer) => {
        if (
          String(lines)
            .trim()
            .split('\n')
            .some((bytes) => Number(bytes) > 100_000)
        ) {
          child.kill('SIGKILL');
        }
      });
      child.on('exit', () => resolve());
    });
    assert.ok(existsSync(store.lockOf({ id, dtype: 'q8' })));
    server.fault = () => undefined;
    server.seen.length = 0;
    assertWhole(await download());
    assert.match(server.seen.find(({ at }) => at === 'cdn')?.range ?? '', /^bytes=\d{5,}-$/);
    assert.deepEqual(readdirSync(store.root), ['org']);
  });

  it('begins again where a server knows no ranges, or has another file now', async () => {
    for (const fault of [{ ignoresRanges: true }, { headers: { etag: '"other"' } }]) {
      let isFirst = true;
      server.fault = ({ at }) => {
        const cut = isFirst && at === 'cdn';
        isFirst &&= at !== 'cdn';
        return cut ? { cutAfter: 90_000, ...fault } : at === 'cdn' ? fault : undefined;
      };
      const folder = await download();
      assertWhole(folder);
      await store.remove(folder);
    }
  });

  it('does not believe what a power cut left on disk', async () => {
    const hub = clientOf(server);
    const model = await hub.model({ id, revision: 'main' });
    const plan = await planDownload(hub, model, variantsOf(model.files)[0]!);
    const work = await store.begin(plan);
    mkdirSync(join(work, 'onnx'), { recursive: true });
    writeFileSync(join(work, `${graph}.incomplete`), Buffer.alloc(150_000));
    assertWhole(await downloadModel(hub, store, plan));
  });

  it('drops the part of a file that has changed on the hub', async () => {
    const stop = new AbortController();
    server.fault = ({ at }) => (at === 'cdn' ? { stallAfter: 120_000 } : undefined);
    await failsWith(
      download({ signal: stop.signal, onProgress: ({ bytes }) => bytes > 100_000 && stop.abort() }),
      'cancelled',
      /|/,
    );
    const changed = new Map(files).set(graph, noise(280_000, 77));
    server.add({ id, files: changed });
    server.fault = () => undefined;
    server.seen.length = 0;
    assertWhole(await download(), changed);
    assert.equal(server.seen.find(({ at }) => at === 'cdn')?.range, undefined);
  });

  it('refuses content with another hash and leaves nothing behind', async () => {
    const wrong = Buffer.from(files.get(graph)!);
    wrong[200_000]! ^= 1;
    server.add({ id, files, sent: new Map([[graph, wrong]]) });
    await failsWith(download(), 'hubWrongContent', /onnx\/model_quantized\.onnx/);
    assert.deepEqual(leftovers(), []);
  });

  it('refuses a small file with another hash', async () => {
    const hub = clientOf(server);
    const model = await hub.model({ id, revision: 'main' });
    const plan = await planDownload(hub, model, variantsOf(model.files)[0]!);
    server.add({ id, files: new Map(files).set('config.json', Buffer.from('{"model_type":"gpt2"}')) });
    await failsWith(downloadModel(hub, store, plan), 'hubWrongContent', /config\.json/);
    assert.deepEqual(leftovers(), []);
  });

  it('does not swallow an answer without an end', async () => {
    server.fault = ({ at }) => (at === 'cdn' ? { isEndless: true } : undefined);
    await failsWith(download(), 'hubWrongContent', /more than 300000 bytes/);
    assert.deepEqual(leftovers(), []);
  });

  it('waits through a silence and goes on', async () => {
    let stalls = 0;
    server.fault = ({ at }) => (at === 'cdn' && stalls++ < 2 ? { stallAfter: 50_000 } : undefined);
    assertWhole(await download());
    assert.equal(stalls, 3);
  });

  it('takes its time where the line is slow', async () => {
    server.fault = ({ at }) => (at === 'cdn' ? { bytesPerSecond: 600_000 } : undefined);
    assertWhole(await download());
  });

  it('gives up in the end, and keeps what has come', async () => {
    server.fault = ({ at }) => (at === 'cdn' ? { cutAfter: 0 } : undefined);
    await failsWith(download(), 'hubOffline');
    assert.equal((await store.paused()).length, 1);
    await store.discard({ id, dtype: 'q8' });
    assert.deepEqual(leftovers(), []);
  });

  it('names a login page and a Git LFS pointer, and writes neither', async () => {
    for (const [body, name] of [
      ['<!DOCTYPE html><title>Sign in</title>', /HTML page/],
      [`version https://git-lfs.github.com/spec/v1\n${' '.repeat(1000)}`, /Git LFS pointer/],
    ] as const) {
      server.fault = ({ at }) =>
        at === 'cdn'
          ? { status: 200, body: body.padEnd(300_000), headers: { 'content-type': 'text/html' } }
          : undefined;
      await failsWith(download(), 'hubPretender', name);
      assert.deepEqual(leftovers(), []);
    }
    server.fault = ({ at }) =>
      at === 'cdn' ? { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } } : undefined;
    await failsWith(download(), 'hubPretender', /HTML page/);
  });

  it('tries again after 500 and after 429 with the time that it was told', async () => {
    const answers = [{ status: 500 }, { status: 503 }, { status: 429, headers: { 'retry-after': '0' } }];
    server.fault = ({ at }) => (at === 'cdn' ? answers.shift() : undefined);
    assertWhole(await download());
    server.fault = ({ at }) =>
      at === 'api' ? { status: 429, headers: { 'retry-after': '3600' } } : undefined;
    await failsWith(download(), 'hubBusy', /429/);
    server.fault = ({ at }) => (at === 'api' ? { status: 500 } : undefined);
    await failsWith(download(), 'hubFailed', /500/);
  });

  it('says that the network is away', async () => {
    const hub = clientOf(server);
    await server.stop();
    await failsWith(download({}, hub), 'hubOffline', /ECONNREFUSED|127\.0\.0\.1/);
  });

  it('does not wait for an answer for ever', async () => {
    server.fault = () => ({ delay: 3000 });
    await failsWith(
      download({}, clientOf(server, undefined, { ...impatient, answer: 50 })),
      'hubOffline',
      /no answer/,
    );
  });

  it('shows the token to the hub and to nobody else', async () => {
    server.add({ id: 'org/secret', files, access: 'private' });
    await failsWith(download({}, clientOf(server), 'org/secret'), 'hubNeedsToken', /401/);
    server.seen.length = 0;
    assertWhole(await download({}, clientOf(server, testToken), 'org/secret'));
    for (const { at, authorization } of server.seen) {
      assert.equal(authorization, at === 'cdn' ? undefined : `Bearer ${testToken}`);
    }
    assert.ok(server.seen.some(({ at }) => at === 'cdn'));
  });

  it('tells a model whose terms have to be accepted from one that is not there', async () => {
    server.add({ id: 'org/gated', files, access: 'gated' });
    await failsWith(download({}, clientOf(server), 'org/gated'), 'hubGated', /org\/gated/);
    await failsWith(download({}, clientOf(server, testToken), 'org/nothing'), 'hubNotFound', /404/);
  });

  it('asks for sizes and hashes one by one where a mirror does not list them', async () => {
    server.add({ id, files, isBare: true });
    assertWhole(await download());
    const plan = (await store.models())[0];
    assert.match(plan?.files.find(({ path }) => path === graph)?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.match(plan?.files.find(({ path }) => path === 'config.json')?.gitSha1 ?? '', /^[0-9a-f]{40}$/);
  });

  it('tells that the disk is full and frees what it took', async () => {
    const openPart: DownloadOptions['openPart'] = async (path) => {
      const handle = await open(path, 'a');
      const append = handle.appendFile.bind(handle);
      let written = 0;
      handle.appendFile = async (data) => {
        written += (data as Uint8Array).length;
        if (written > 100_000) {
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }
        await append(data as Uint8Array);
      };
      return handle;
    };
    await failsWith(download({ openPart }), 'diskFull');
    assert.deepEqual(leftovers(), []);
  });

  it('does not begin where there is no room', async () => {
    const hub = clientOf(server);
    const model = await hub.model({ id, revision: 'main' });
    const plan = await planDownload(hub, model, variantsOf(model.files)[0]!);
    const huge = { ...plan, files: plan.files.map((file) => ({ ...file, size: 1e15 })) };
    server.seen.length = 0;
    await failsWith(downloadModel(hub, store, huge), 'diskFull', /MB/);
    assert.deepEqual(server.seen, []);
    assert.deepEqual(leftovers(), []);
  });

  it('serves two windows that want the same model with one transfer', async () => {
    server.fault = ({ at }) => (at === 'cdn' ? { bytesPerSecond: 2_000_000 } : undefined);
    const waited = new Set<string>();
    const both = ['first', 'second'].map((name) =>
      download({
        lock: { pollEvery: 20 },
        onProgress: ({ phase }) => phase === 'waiting' && waited.add(name),
      }),
    );
    const [first, second] = await Promise.all(both);
    assert.equal(first, second);
    assert.equal(server.seen.filter(({ at }) => at === 'cdn').length, 1);
    assert.equal(waited.size, 1);
    assertWhole(first as string);
  });

  it('serves two processes that want the same model with one transfer', async function () {
    this.timeout(60_000);
    server.fault = ({ at }) => (at === 'cdn' ? { bytesPerSecond: 150_000 } : undefined);
    const script = join(__dirname, '..', 'hub', 'downloadChild.ts');
    const run = (): Promise<number | null> => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, server.origin, store.root, id]);
      child.stdout.resume();
      return new Promise((resolve) => child.on('exit', resolve));
    };
    assert.deepEqual(await Promise.all([run(), run()]), [0, 0]);
    assert.equal(server.seen.filter(({ at }) => at === 'cdn').length, 1);
    assertWhole(store.folderOf({ id, dtype: 'q8' }));
  });

  it('puts a new version in the place of an old one, and only when it is whole', async () => {
    const folder = await download();
    const changed = new Map(files).set(graph, noise(310_000, 5));
    server.add({ id, files: changed });
    server.fault = ({ at }) => (at === 'cdn' ? { cutAfter: 1000 } : undefined);
    await failsWith(download({}, clientOf(server, undefined, { ...impatient, retries: [] })), 'hubOffline');
    assertWhole(folder);
    server.fault = () => undefined;
    assert.equal(await download(), folder);
    assertWhole(folder, changed);
    assert.deepEqual(readdirSync(store.root), ['org']);
  });

  it('takes over from a window that has died', async () => {
    const lock = store.lockOf({ id, dtype: 'q8' });
    mkdirSync(dirname(lock), { recursive: true });
    const { hostname } = await import('node:os');
    // No process has this number: Linux ends at 2^22.
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: 2 ** 30, token: 'dead' }));
    assertWhole(await download());
    assert.ok(!existsSync(lock));
  });

  it('waits for a window that lives, and can be told to stop waiting', async () => {
    const lock = store.lockOf({ id, dtype: 'q8' });
    mkdirSync(dirname(lock), { recursive: true });
    const { hostname } = await import('node:os');
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.pid, token: 'alive' }));
    const stop = new AbortController();
    const running = download({
      signal: stop.signal,
      lock: { pollEvery: 10 },
      onProgress: ({ phase }) => phase === 'waiting' && setTimeout(() => stop.abort(), 30),
    });
    await failsWith(running, 'cancelled', /|/);
    assert.ok(existsSync(lock));
  });

  it('reports a folder that cannot be written', async () => {
    writeFileSync(join(dirname(store.root), 'models'), 'a file where the folder should be');
    await assert.rejects(download(), (error) => error instanceof HubError && error.code === 'writeFailed');
  });
});
