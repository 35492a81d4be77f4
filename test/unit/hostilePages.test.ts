import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { AttentionMemory } from '../../src/panels/attentionMemory';
import { effectShapes } from '../../src/panels/attentionShapes';
import { answerPage, hearPage } from '../../src/panels/pageAnswers';
import { PageDecoder } from '../../src/panels/pageDecoder';
import { pageShapes, readParams } from '../../src/panels/pageShapes';
import { HistoryStore } from '../../src/panels/historyStore';
import { ImageMemory } from '../../src/panels/imageMemory';
import { TrainMemory } from '../../src/panels/trainMemory';
import { newStudy } from '../../src/prompts/presets';
import { isScopeError } from '../../src/protocol/errors';
import type { ErrorData } from '../../src/protocol/errors';
import { CancellationTokenSource, NotificationType, RequestType } from '../../src/protocol/jsonrpc';
import { DecodePicture } from '../../src/protocol/picture';
import { EditStudy } from '../../src/protocol/promptPage';
import { answer, ask, createRpc } from '../../src/protocol/rpc';
import { noParameters, wrongValues } from './hostileValues';
import { filesUnder, root } from './sourceTree';
import { wirePair } from './wirePair';

/** What pages say to the host, and what is kept of them over a restart: nothing of it is believed. */

type Request = RequestType<unknown, unknown, ErrorData>;

/** Every message that the protocol names, by method. */
async function protocolMessages(): Promise<Map<string, Request | NotificationType<unknown>>> {
  const found = new Map<string, Request | NotificationType<unknown>>();
  for (const name of readdirSync(join(root, 'src', 'protocol'))) {
    const module = (await import(join(root, 'src', 'protocol', name))) as Record<string, unknown>;
    for (const each of Object.values(module)) {
      if (each instanceof RequestType || each instanceof NotificationType) {
        found.set(each.method, each as Request);
      }
    }
  }
  return found;
}

/** Names of messages that pages are answered, as the panels register them. */
function registered(): string[] {
  return filesUnder('src/panels').flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const calls =
      /\b(?:answerPage|hearPage|connection\.on|connection\.onDo|connection\.answer|connection\.hear)\(\s*(?:[\w.]+,\s*)?(?:\w+\.)?([A-Z]\w+),/g;
    return [...text.matchAll(calls)].map((match) => match[1] ?? '');
  });
}

const goodStudy = newStudy('a', 'title', 'input', { id: 'm', folder: '/m' });

describe('what a page says', () => {
  const [left, right] = wirePair();
  const page = createRpc(left);
  const host = createRpc(right);
  before(() => {
    page.listen();
    host.listen();
  });
  after(() => {
    page.dispose();
    host.dispose();
  });

  it('is read by a shape for every message that a panel answers, and by no other way', async () => {
    const messages = await protocolMessages();
    const names = registered();
    assert.ok(names.length > 70, `only ${names.length} registrations were found`);
    const byName = new Map<string, string>();
    for (const file of readdirSync(join(root, 'src', 'protocol'))) {
      const module = (await import(join(root, 'src', 'protocol', file))) as Record<string, unknown>;
      for (const [name, each] of Object.entries(module)) {
        if (each instanceof RequestType || each instanceof NotificationType) {
          byName.set(name, each.method);
        }
      }
    }
    for (const name of names) {
      const method = byName.get(name);
      assert.ok(method !== undefined && pageShapes.has(method), `${name} has no shape`);
    }
    for (const method of [...pageShapes.keys(), ...effectShapes.keys()]) {
      assert.ok(messages.has(method), `${method} is no message of the protocol`);
    }
    // A panel that answers past the shapes is found here.
    for (const file of filesUnder('src/panels').filter((each) => !each.endsWith('/pageAnswers.ts'))) {
      const text = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(text, /(?<![.\w])answer\(|\.onNotification\(|\.onRequest\(/, file);
    }
  });

  it('may name a run of a process that began to count high', () => {
    const request = { runId: 2 ** 41, layer: 0, head: 0 };
    assert.deepEqual(readParams('head', request), request);
  });

  it('is refused with a code where it is not what it should be, for every method, and no handler sees it', async () => {
    const messages = await protocolMessages();
    const raw = new RawPage();
    const { host } = raw;
    let numRefused = 0;
    for (const [method, shape] of pageShapes) {
      const type = messages.get(method);
      const seen: unknown[] = [];
      if (type instanceof NotificationType) {
        hearPage(host, type, (params) => seen.push(params));
      } else {
        answerPage(host, type as Request, (params) => {
          seen.push(params);
          return null;
        });
      }
      for (const params of noParameters) {
        const isRight = fits(() => shape(params, method));
        // A library would not send most of these: they go as a page's script could send them.
        const said = await raw.send(method, params, !(type instanceof NotificationType));
        if (said !== undefined) {
          assert.equal(
            said.error?.data?.code,
            isRight ? undefined : 'badRequest',
            `${method} ${typeof params}`,
          );
          numRefused += Number(!isRight);
        }
      }
      await new Promise(setImmediate);
      for (const params of seen) {
        // Built anew of what is named, whatever came along.
        assert.deepEqual(params, shape(params, method));
        assert.equal(Object.getPrototypeOf(params), Object.prototype);
      }
    }
    assert.ok(numRefused > 1000, String(numRefused));
    host.dispose();
  });

  it('is refused where a single field of it is wrong, and loses what nobody asked for', () => {
    for (const [method, shape] of [...pageShapes, ...effectShapes]) {
      const good = exampleOf(shape, method);
      assert.deepEqual(shape({ ...good, more: 1, then: 2 }, method), good, method);
      for (const name of Object.keys(good)) {
        for (const value of wrongValues) {
          let read: unknown;
          try {
            read = shape({ ...good, [name]: value }, method);
          } catch (error) {
            assert.ok(isScopeError(error, 'badRequest'), `${method}.${name}: ${String(error)}`);
            assert.match(error.detail ?? '', /^[\w/.[\]-]+$/, 'a place, no stack');
            continue;
          }
          assert.ok(plain(read), `${method}.${name}`);
        }
      }
    }
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('never reserves as much memory as it says', async () => {
    const decoder = new PageDecoder(host, 1000);
    decoder.opened();
    for (const png of [2 ** 31, { length: 2 ** 31 }, [1e9], Float64Array.of(1), null, undefined]) {
      const subscription = answer(page, DecodePicture, () => ({ png }) as never);
      await assert.rejects(
        decoder.toPng({ name: 'a.webp', bytes: new Uint8Array(1) }, 'image/webp'),
        (error) => isScopeError(error, 'badRequest'),
      );
      subscription.dispose();
    }
    assert.throws(() => readParams('export', { runId: 1, format: 'npy', content: 2 ** 33 }), {
      code: 'badRequest',
    });
    assert.throws(() => readParams('export', { runId: 1, format: '../x', content: new ArrayBuffer(1) }));
  });

  it('keeps the order of a study’s fields, by which a suite’s text is compared', () => {
    const { study } = readParams<{ study: typeof goodStudy }>(EditStudy.method, { study: goodStudy });
    assert.equal(JSON.stringify(study), JSON.stringify(goodStudy));
    const odd = { ...goodStudy, edited: JSON.parse('{"__proto__": "x", "a|0|m": "y"}') as object };
    const read = readParams<{ study: typeof goodStudy }>(EditStudy.method, { study: odd }).study.edited;
    assert.deepEqual(Object.keys(read), ['__proto__', 'a|0|m']);
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
  });

  it('unknown methods are refused, and noise is not answered', async () => {
    for (const method of [
      'constructor',
      '__proto__',
      'toString',
      'attention/run',
      'rpc.on',
      '$/cancelRequest',
    ]) {
      assert.throws(() => readParams(method, {}), { code: 'badRequest' });
    }
    await assert.rejects(page.sendRequest('prompts/expression', { expression: '1' }));
    for (const noise of [null, 7, 'x', { jsonrpc: '1.0' }, { jsonrpc: '2.0', id: null, method: 5 }]) {
      left.send(noise);
    }
    const Echo = new RequestType<unknown, string, ErrorData>('echo');
    answer(host, Echo, () => 'alive');
    assert.equal(await ask(page, Echo, {}, new CancellationTokenSource().token), 'alive');
  });
});

describe('what is kept over a restart', () => {
  const memento = (value: unknown): never =>
    ({ get: () => value, keys: () => [], update: () => Promise.resolve() }) as never;
  const text = { text: 'x', wasCut: false, uri: '', offset: 0, name: 'x', startLine: 1, endLine: 1 };

  it('is nothing where it is not what it should be, whatever it is', () => {
    const anything = fc.oneof(fc.anything(), fc.constantFrom(...wrongValues, ...noParameters));
    fc.assert(
      fc.property(anything, anything, (whole, part) => {
        for (const value of [
          whole,
          { subject: whole },
          { subject: { text: part } },
          { subject: { text: { ...text, pair: part } } },
        ]) {
          const read = new AttentionMemory(memento(value)).read();
          assert.ok(read === undefined || 'subject' in read);
        }
        new TrainMemory(memento(whole)).read();
        new TrainMemory(memento({ settings: part, preset: null, step: 1 })).read();
        const images = new ImageMemory(memento({ tab: 'search', pictures: whole, captions: part })).read();
        assert.ok(
          Array.isArray(images.pictures) && images.captions.every((each) => typeof each === 'string'),
        );
      }),
      { numRuns: 300, seed: 1 },
    );
    assert.deepEqual(new AttentionMemory(memento({ subject: { text } })).read(), { subject: { text } });
  });

  it('is an entry of the history only where all of it can be shown', async () => {
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const folder = mkdtempSync(join(tmpdir(), 'transformer-scope-hostile-'));
    try {
      const model = { id: 'm', folder: '/m' };
      const good = { id: 'good', time: 1, content: { kind: 'attention', subject: { text }, model } };
      const bad: Record<string, unknown> = {
        a: { ...good, id: 'a', content: { kind: 'attention', subject: {}, model } },
        b: { ...good, id: 'b', content: { kind: 'attention', subject: { picture: 7 }, model } },
        c: { ...good, id: 'c', content: { kind: 'attention', subject: { text: 'x' }, model } },
        d: { ...good, id: 'd', content: { kind: 'comparison', request: { text }, notes: '' } },
        e: { ...good, id: 'e', time: 1e300 },
        f: { ...good, id: 'f', name: { toString: 'x' } },
        g: { ...good, id: 'g', content: { ...good.content, compared: { with: 'model' } } },
        h: { ...good, id: '../../h' },
        i: [],
      };
      for (const [name, value] of Object.entries({ good, ...bad })) {
        writeFileSync(join(folder, `${name}.json`), JSON.stringify(value));
      }
      writeFileSync(join(folder, 'j.json'), `${'['.repeat(100_000)}`);
      const entries = await new HistoryStore(folder, assert.fail).list();
      assert.deepEqual(
        entries.map(({ id }) => id),
        ['good'],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

interface Said {
  readonly id?: number;
  readonly error?: { readonly message: string; readonly data?: ErrorData };
}

/** A page that writes its messages by hand. */
class RawPage {
  readonly host: ReturnType<typeof createRpc>;
  private readonly waiting = new Map<number, (said: Said) => void>();
  private readonly end: ReturnType<typeof wirePair>[0];
  private numSent = 0;

  constructor() {
    const [left, right] = wirePair();
    this.end = left;
    left.onMessage((message) => {
      const said = message as Said;
      this.waiting.get(said.id ?? -1)?.(said);
    });
    this.host = createRpc(right);
    this.host.listen();
  }

  /** @returns what was answered; undefined for what has no answer */
  async send(method: string, params: unknown, isRequest: boolean): Promise<Said | undefined> {
    const id = ++this.numSent;
    const answered = new Promise<Said>((resolve) => this.waiting.set(id, resolve));
    this.end.send({ jsonrpc: '2.0', method, params, ...(isRequest ? { id } : {}) });
    return isRequest ? answered : undefined;
  }
}

function fits(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** Plain data, or bytes: nothing that computes when it is looked at. */
function plain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint';
  }
  const isPlain =
    Array.isArray(value) ||
    value instanceof ArrayBuffer ||
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
  return isPlain && Object.values(value).every(plain);
}

/** Parameters that fit a shape: of a few candidates for each field those that are taken. */
function exampleOf(shape: (value: unknown, at: string) => unknown, method: string): Record<string, unknown> {
  const candidates: readonly unknown[] = [
    ...[1, 'x', true, null, [], {}, { a: 1 }, new ArrayBuffer(4), 0.5, ['x']],
    ...[
      'retry',
      'openLog',
      'open',
      'left',
      'layers',
      'en',
      'zh',
      'md',
      'svg',
      'mean',
      'input',
      'prompt',
      'examples',
    ],
    ...[
      'tokens',
      'reading',
      'architecture',
      'blank',
      'product',
      'ioi',
      'zero',
      'labels',
      'classify',
      'copy',
      'start',
      'predictMasks',
      'text',
      'csv',
    ],
    { layer: 1, head: 1 },
    { temperature: 1 },
    { strategy: 'zero-shot', item: 0, model: 'm' },
    { run: 1, query: '' },
    { change: 'zero', heads: [], keys: [], onlyAtPosition: true },
    {
      task: 'copy',
      numHeads: 1,
      modelWidth: 16,
      numLayers: 1,
      positions: 'none',
      causal: true,
      learningRate: 0.1,
      batchSize: 8,
      seed: 1,
    },
    goodStudy,
  ];
  const good: Record<string, unknown> = {};
  for (let round = 0; round < 20; round++) {
    try {
      return shape(good, method) as Record<string, unknown>;
    } catch (error) {
      assert.ok(isScopeError(error, 'badRequest'));
      const name = (error.detail ?? '').slice(method.length + 1).split(/[.[]/)[0] ?? '';
      if (name === '') {
        // A choice between whole forms.
        good['with'] = 'model';
        continue;
      }
      good[name] = candidates.find((value) =>
        fits(() => {
          try {
            shape({ ...good, [name]: value }, method);
          } catch (other) {
            if (isScopeError(other) && other.detail?.startsWith(`${method}.${name}`)) {
              throw other;
            }
          }
        }),
      );
    }
  }
  throw new Error(`no example of ${method}: ${JSON.stringify(good)}`);
}
