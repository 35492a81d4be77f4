import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { AttentionModel } from '../../src/inference/attentionModel';
import { configureRuntime } from '../../src/inference/runtime';
import { runBert } from '../../src/scratch/bert';
import { add, addToRows } from '../../src/scratch/elementwise';
import { type WeightExplanation, explainWeight } from '../../src/scratch/explainWeight';
import { runGpt2 } from '../../src/scratch/gpt2';
import { headShare } from '../../src/scratch/headShare';
import { causalMask } from '../../src/scratch/masks';
import { fromRows, rowOf } from '../../src/scratch/matrix';
import { type Packed, assertClose, matrixOf, readFixture, slicesOf } from '../fixtures/scratch/fixtures';
import { folderOf, scopeBert, scopeGpt } from '../fixtures/scratch/models';

interface Attended {
  readonly ids: readonly number[];
  readonly sentences?: readonly number[];
  readonly lastAttention: Packed;
}

const close = (found: number, expected: number, tolerance = 1e-6): void =>
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} is not ${expected}`);

describe('one attention weight, step by step', function () {
  this.timeout(60_000);

  it('is what one computes by hand', () => {
    const q = fromRows([
      [9, 9, 9, 9],
      [1, 2, 0, 1],
    ]);
    const k = fromRows([
      [2, 0, 7, 0],
      [0, 3, 1, -2],
      [5, 5, 5, 5],
    ]);
    const v = fromRows([
      [1, 0],
      [0, 10],
      [99, 99],
    ]);
    // Query 1 may look at keys 0 and 1: scores 2 and 4, halved 1 and 2.
    const addends = rowOf(causalMask(2, 3), 0);
    const ownWeights = Float32Array.of(0.25, 0.75, 0);
    const found = explainWeight({ q, k, v, query: 1, key: 1, addends, ownWeights });
    const total = Math.exp(-1) + 1;
    assert.deepEqual([...found.products], [0, 6, 0, -2]);
    assert.deepEqual([found.score, found.scale, found.scaled, found.addend, found.masked], [4, 0.5, 2, 0, 2]);
    assert.deepEqual([found.rowMaximum, found.power], [2, 1]);
    close(found.rowTotal, total);
    close(found.weight, 1 / total);
    assertClose(found.share, Float32Array.of(0, 10 / total));
    assertClose(found.output, Float32Array.of(Math.exp(-1) / total, 10 / total));
    assert.equal(found.difference?.own, 0.75);
    close(found.difference.here, 0.75 - 1 / total);
    close(found.difference.largest, 0.75 - 1 / total);
  });

  it('shows a masked key as nothing, without losing its score', () => {
    const one = fromRows([[1], [2]]);
    const found = explainWeight({
      q: one,
      k: one,
      v: one,
      query: 0,
      key: 1,
      addends: rowOf(causalMask(2), 0),
    });
    assert.deepEqual([found.score, found.masked, found.power, found.weight], [2, -Infinity, 0, 0]);
    assert.equal(found.difference, undefined);
  });

  it('takes another scale, as models have that do not divide', () => {
    const one = fromRows([[1, 1, 1, 1]]);
    assert.equal(explainWeight({ q: one, k: one, v: one, query: 0, key: 0, scale: 1 }).scaled, 4);
  });

  it('agrees with PyTorch in every row of the last layer of scope-bert and scope-gpt', () => {
    const { bert, gpt } = readFixture<{ bert: Attended[]; gpt: Attended[] }>('models');
    const encoded = runBert(scopeBert(), { ...bert[0]!, keepSteps: true });
    const decoded = runGpt2(scopeGpt(), { ...gpt[0]!, keepSteps: true });
    const stacks = [
      [bert[0]!, encoded.blocks.at(-1)!.attention.inner.heads, undefined],
      [gpt[0]!, decoded.blocks.at(-1)!.selfAttention.inner.heads, causalMask(gpt[0]!.ids.length)],
    ] as const;
    for (const [{ lastAttention }, heads, mask] of stacks) {
      slicesOf(lastAttention).forEach((weights, head) => {
        const { q, k, v, output } = heads[head]!;
        for (let query = 0; query < q.rows; query++) {
          const key = (3 * query) % k.rows;
          const addends = mask && rowOf(mask, query);
          const found: WeightExplanation = explainWeight({
            ...{ q, k, v, query, key, ownWeights: rowOf(weights, query) },
            ...(addends && { addends }),
          });
          assert.ok(found.difference!.largest < 1e-5);
          assert.equal(found.difference!.own, rowOf(weights, query)[key]);
          close(
            found.products.reduce((sum, value) => sum + value, 0),
            found.score,
            1e-4,
          );
          assertClose(found.output, rowOf(output, query), 1e-6);
        }
      });
    }
  });

  it('agrees with the weights that are tapped from the running model', async () => {
    await configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
    const model = await AttentionModel.load({ id: 'scope-bert', folder: folderOf('scope-bert') }, 'wasm', 1);
    const ids = model.tokenizer.tokenize('The cat sat on the mat', 256).tokens.map(({ id }) => id);
    const tapped = await model.attend(ids);
    const { blocks } = runBert(scopeBert(), { ids, keepSteps: true });
    const n = ids.length;
    let largest = 0;
    tapped.forEach(({ numHeads, data }, layer) => {
      for (let head = 0; head < numHeads; head++) {
        for (let query = 0; query < n; query++) {
          const start = (head * n + query) * n;
          const ownWeights = data.subarray(start, start + n);
          const found = explainWeight({
            ...blocks[layer]!.attention.inner.heads[head]!,
            query,
            key: 1,
            ownWeights,
          });
          largest = Math.max(largest, found.difference!.largest);
        }
      }
    });
    await model.release();
    assert.equal(tapped.length, 4);
    assert.ok(largest < 1e-5, String(largest));
  });

  it('adds up: the shares of all heads and the bias are the output of the attention', () => {
    const bert = scopeBert();
    const run = runBert(bert, { ids: [2, 2852, 3482, 3], keepSteps: true });
    const { heads, output: expected } = run.blocks[1]!.attention.inner;
    const { output } = bert.blocks[1]!.attention;
    const sum = heads.map((each, head) => headShare(output, head, each.output)).reduce(add);
    assertClose(addToRows(sum, output.bias!), expected, 1e-5);
    assert.throws(() => headShare(output, heads.length, heads[0]!.output), RangeError);
  });

  it('refuses positions that are not there', () => {
    const m = matrixOf({ dims: [1, 1], data: 'AACAPw==' });
    assert.throws(() => explainWeight({ q: m, k: m, v: m, query: 1, key: 0 }), /no query 1/);
    assert.throws(() => explainWeight({ q: m, k: m, v: m, query: 0, key: -1 }), /no key -1/);
    const ownWeights = new Float32Array(2);
    assert.throws(() => explainWeight({ q: m, k: m, v: m, query: 0, key: 0, ownWeights }), /2 weights/);
  });
});
