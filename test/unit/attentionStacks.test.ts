import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { stackNames } from '../../src/protocol/seq2seq';
import {
  AllWeights,
  type AttendParams,
  Combine,
  Head,
  Patterns,
  SomeThumbnails,
} from '../../src/protocol/worker';
import type { InferenceClient } from '../../src/worker/client';
import { startClient } from './startClient';

interface GoldenCase {
  readonly text: string;
  readonly sourceIds: readonly number[];
  readonly targetIds: readonly number[];
  readonly translation: string;
  readonly crossAttentions: { readonly dims: readonly number[]; readonly data: string };
}

const root = join(__dirname, '..', '..');
const model = { id: 'scope-seq2seq', folder: join(root, 'models', 'scope-seq2seq') };
const [golden] = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scopeSeq2seq', 'golden.json'), 'utf8'),
) as [GoldenCase];

/** The bundled translator in the inference process, as the attention page asks it; golden values by PyTorch. */
describe('attention of an encoder-decoder', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('wasm');
  });
  after(() => {
    client.dispose();
  });
  const attend = (params: Pick<AttendParams, 'text' | 'pair'>) =>
    client.attend(
      { model, owner: 'test', textWasCut: false, ...params },
      new CancellationTokenSource().token,
    );

  it('translates the text and has three stacks, cross attention equal to PyTorch', async () => {
    const run = await attend({ text: golden.text });
    assert.equal(run.written, golden.translation);
    const { secondFrom = 0, stacks = [] } = run;
    assert.deepEqual(
      run.tokens.slice(0, secondFrom).map((token) => token.id),
      golden.sourceIds,
    );
    assert.deepEqual(
      run.tokens.slice(secondFrom).map((token) => token.id),
      golden.targetIds.slice(0, -1),
    );
    const whole = `${golden.text}\n${golden.translation}`;
    for (const token of run.tokens.filter((each) => each.end > each.start)) {
      assert.equal(whole.slice(token.start, token.end), token.text);
    }
    assert.deepEqual(
      stacks.map((stack) => stack.name),
      stackNames,
    );
    assert.deepEqual(
      stacks.map((stack) => stack.causal),
      [false, true, false],
    );
    const cross = stacks.find((stack) => stack.name === 'cross');
    const [layers = 0, heads = 0, queries = 0, keys = 0] = golden.crossAttentions.dims;
    assert.deepEqual([cross?.numLayers, cross?.numHeads], [layers, heads]);
    const bytes = Buffer.from(golden.crossAttentions.data, 'base64');
    const wanted = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    );
    const runId = cross?.runId ?? -1;
    for (const [layer, head] of [
      [0, 0],
      [1, 3],
    ] as const) {
      const { weights } = await client.request(Head, { runId, layer, head });
      const got = new Float32Array(weights);
      assert.equal(got.length, (run.tokens.length - secondFrom) * secondFrom);
      // The golden run has the target's last token too; its rows before are the same.
      got.forEach((weight, index) => {
        const expected = wanted[(layer * heads + head) * queries * keys + index] ?? NaN;
        assert.ok(Math.abs(weight - expected) < 1e-4, `${layer}.${head}, cell ${index}`);
      });
    }
  });

  it('answers every view of a stack, and refuses rollout between two texts', async () => {
    const run = await attend({ text: golden.text });
    const cross = run.stacks?.find((stack) => stack.name === 'cross');
    const runId = cross?.runId ?? -1;
    const numTarget = run.tokens.length - (run.secondFrom ?? 0);
    const heads = [0, 1].map((head) => ({ layer: 0, head }));
    const mean = await client.request(Combine, { runId, how: 'mean', heads });
    assert.equal(mean.weights.byteLength, 4 * numTarget * (run.secondFrom ?? 0));
    const table = await client.request(Patterns, { runId });
    assert.equal(table.data.byteLength, 4 * 11 * (cross?.numLayers ?? 0) * (cross?.numHeads ?? 0));
    const some = await client.request(SomeThumbnails, {
      runId,
      kept: [0, 1],
      keys: [1, 2],
      among: [0, 1, 2],
      renormalise: true,
    });
    assert.equal(some.size, 2);
    const { data } = await client.request(AllWeights, { runId, as: 'npy' });
    const header = new TextDecoder('latin1').decode(data.slice(10, 128));
    assert.match(header, new RegExp(`\\(2, 4, ${numTarget}, ${run.secondFrom}\\)`));
    await assert.rejects(client.request(Combine, { runId, how: 'rollout', heads }), (error) =>
      isScopeError(error, 'badRequest'),
    );
  });

  it('takes a target that is given', async () => {
    const text = `${golden.text}\n猫在这里。`;
    const pair = { firstEnd: golden.text.length, secondStart: golden.text.length + 1 };
    const run = await attend({ text, pair });
    assert.equal(run.written, undefined);
    const target = run.tokens.slice(run.secondFrom).filter((token) => token.end > token.start);
    assert.equal(target.map((token) => text.slice(token.start, token.end)).join(''), '猫在这里。');
  });
});
