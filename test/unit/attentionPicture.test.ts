import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { unpackPatterns } from '../../src/attention/patternTable';
import { picturePatterns } from '../../src/attention/picturePatterns';
import { pictureType, statedSize } from '../../src/host/pictureType';
import type { AttentionRun } from '../../src/protocol/attention';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { AllWeights, Combine, Head, Patterns, SomeThumbnails } from '../../src/protocol/worker';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import { floats, imageFile, largestDifference, visionFolder, visionJson } from '../fixtures/vision/models';

const root = join(__dirname, '..', '..');

/** The inference process on pictures, as the attention panel asks it. */
describe('attention over a picture', function () {
  this.timeout(30_000);
  let client: InferenceClient;
  before(() => {
    client = new InferenceClient(
      () =>
        forkWorker({
          script: join(root, 'dist', 'worker.js'),
          numThreads: 1,
          runtime: 'wasm',
          precision: 'fp32',
          modelMegabytes: 1000,
          onOutput: () => undefined,
        }),
      { phase: () => undefined, log: () => undefined },
    );
  });
  after(() => client.dispose());

  const attend = (folder: string, picture = imageFile('scene.png')): Promise<AttentionRun> =>
    client.attendPicture(
      { model: { id: 'x', folder }, picture, owner: 'test' },
      new CancellationTokenSource().token,
    );
  const of = (name: string): string => join(visionFolder, name);
  const whole = async ({ runId }: AttentionRun): Promise<Float32Array> => {
    const { data } = await client.request(AllWeights, { runId, as: 'npy' });
    const headLength = 10 + new DataView(data).getUint16(8, true);
    return new Float32Array(data.slice(headLength));
  };

  it('of a vision transformer equals PyTorch, and tells where the patches lie', async () => {
    const { attention } = visionJson<{ attention: { dims: number[]; values: string } }>('vit/expected');
    const run = await attend(of('vit'));
    assert.ok(largestDifference(await whole(run), floats(attention.values)) <= 1e-5);
    const { numLayers, numHeads, modelType, maxTokens } = run.model;
    assert.deepEqual([numLayers, numHeads, run.tokens.length], attention.dims.slice(0, 3));
    assert.deepEqual([modelType, maxTokens, run.causal, run.warnings], ['vit', 7, false, []]);
    assert.deepEqual([run.grid?.rows, run.grid?.columns, run.grid?.pictureWidth], [2, 3, 64]);
  });

  for (const name of ['clipTowers', 'clipWhole']) {
    it(`of CLIP's picture tower equals PyTorch (${name})`, async () => {
      const { imageAttention } = visionJson<{ imageAttention: { dims: number[]; values: string } }>('clip');
      const run = await attend(of(name));
      assert.ok(largestDifference(await whole(run), floats(imageAttention.values)) <= 1e-5);
      assert.deepEqual([run.model.modelType, run.grid?.rows, run.warnings], ['clip', 3, []]);
    });
  }

  it('answers heads, rollout, patterns and thumbnails of the run', async () => {
    const { runId, tokens } = await attend(of('vit'));
    const n = tokens.length;
    const { weights } = await client.request(Head, { runId, layer: 1, head: 2 });
    assert.equal(weights.byteLength, n * n * 4);
    const rolled = await client.request(Combine, { runId, how: 'rollout', heads: [{ layer: 1, head: 0 }] });
    const rows = new Float32Array(rolled.weights);
    for (let row = 0; row < n; row++) {
      const sum = rows.subarray(row * n, (row + 1) * n).reduce((total, each) => total + each, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5);
    }
    const measured = unpackPatterns((await client.request(Patterns, { runId })).data);
    assert.equal(measured.length, 8);
    assert.ok(
      measured.every(({ near, special, induction }) => near > 0 && special > 0 && Number.isNaN(induction)),
    );
    const kept = [1, 2, 3, 4, 5, 6];
    const thumbnails = await client.request(SomeThumbnails, { runId, kept, renormalise: true });
    assert.equal(thumbnails.size, 6);
  });

  it('names what is broken, foreign or no model of pictures', async () => {
    const { bytes } = imageFile('scene.png');
    await assert.rejects(
      attend(of('vit'), { name: 'half.png', bytes: bytes.slice(0, 500) }),
      (error) => isScopeError(error, 'pictureUnreadable') && /half\.png/.test(error.detail ?? ''),
    );
    const gif = { name: 'a.gif', bytes: new TextEncoder().encode('GIF89a…') };
    await assert.rejects(
      attend(of('clipTowers'), gif),
      (error) => isScopeError(error, 'pictureUnreadable') && /a\.gif: GIF/.test(error.detail ?? ''),
    );
    await assert.rejects(attend(join(root, 'models', 'scope-bert')), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
  });
});

describe('patterns of a picture', () => {
  it('are means over the patches', () => {
    // [CLS] and 1 × 3 patches; the middle patch has two neighbours, the outer ones have one.
    const data = Float32Array.from(
      [
        [0.4, 0.2, 0.2, 0.2],
        [0.1, 0.3, 0.5, 0.1],
        [0.2, 0.1, 0.4, 0.3],
        [0.3, 0.2, 0.1, 0.4],
      ].flat(),
    );
    const found = picturePatterns({ numHeads: 1, numTokens: 4, data }, 0, {
      rows: 1,
      columns: 3,
      numSpecial: 1,
    });
    const close = (value: number, wanted: number): boolean => Math.abs(value - wanted) < 1e-6;
    assert.ok(close(found.near, (0.5 + 0.1 + 0.3 + 0.1) / 3), String(found.near));
    assert.ok(close(found.special, (0.4 + 0.1 + 0.2 + 0.3) / 4), String(found.special));
    assert.ok(close(found.self, (0.4 + 0.3 + 0.4 + 0.4) / 4), String(found.self));
    assert.ok(
      [found.previous, found.next, found.first, found.duplicate, found.offsetScore].every(Number.isNaN),
    );
  });
});

describe('picture files', () => {
  const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)),
    );

  it('are told by their first bytes', () => {
    assert.equal(pictureType(imageFile('scene.png').bytes), 'image/png');
    assert.equal(pictureType(imageFile('rgb.jpg').bytes), 'image/jpeg');
    assert.equal(pictureType(bytes('GIF89a')), 'image/gif');
    assert.equal(pictureType(bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 ')), 'image/webp');
    assert.equal(pictureType(bytes('\n<?xml version="1.0"?><svg xmlns="x">')), 'image/svg+xml');
    assert.equal(pictureType(bytes('<?xml version="1.0"?><plist>')), undefined);
    assert.equal(pictureType(bytes('a text')), undefined);
    assert.equal(pictureType(new Uint8Array()), undefined);
  });

  it('state their size', () => {
    const padding = new Array<number>(30).fill(0);
    // Widths and heights by the formats' specifications: GIF89a §18, BITMAPINFOHEADER, WebP container (VP8X, VP8L).
    assert.deepEqual(statedSize(bytes('GIF89a', [0x2c, 0x01, 0xc8, 0x00], padding), 'image/gif'), {
      width: 300,
      height: 200,
    });
    const bmp = bytes('BM', padding.slice(0, 16), [0x0a, 0, 0, 0], [0xfb, 0xff, 0xff, 0xff], padding);
    assert.deepEqual(statedSize(bmp, 'image/bmp'), { width: 10, height: 5 });
    const extended = bytes(
      'RIFF',
      [0, 0, 0, 0],
      'WEBPVP8X',
      padding.slice(0, 8),
      [0xff, 0x3f, 0],
      [0x63, 0, 0],
      [0],
    );
    assert.deepEqual(statedSize(extended, 'image/webp'), { width: 16384, height: 100 });
    // 14 bits of width − 1, 14 bits of height − 1: 0x0f9, 0x063.
    const lossless = bytes(
      'RIFF',
      [0, 0, 0, 0],
      'WEBPVP8L',
      [0, 0, 0, 0, 0x2f],
      [0xf9, 0xc0, 0x18, 0x00],
      padding,
    );
    assert.deepEqual(statedSize(lossless, 'image/webp'), { width: 250, height: 100 });
  });
});
