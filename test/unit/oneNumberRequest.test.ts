import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codePlaces, lineOfFunction } from '../../src/host/codePlaces';
import type { AttentionRun } from '../../src/protocol/attention';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import type { ExplainedWeight } from '../../src/protocol/oneNumber';
import { type AttendParams, Explain } from '../../src/protocol/worker';
import { runBert } from '../../src/scratch/bert';
import { rowOf } from '../../src/scratch/matrix';
import type { InferenceClient } from '../../src/worker/client';
import { type ExpectedTensor, decodeFloats } from '../fixtures/graphCases';
import { folderOf, scopeBert } from '../fixtures/scratch/models';
import { startClient } from './startClient';

/** One number of the bundled models, as the page asks the inference process for it. */
describe('one number of a run', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('wasm');
  });
  after(() => {
    client.dispose();
  });
  const [golden] = JSON.parse(
    readFileSync(join(__dirname, '..', 'fixtures', 'scopeBert', 'golden.json'), 'utf8'),
  ) as [{ text: string; attentions: ExpectedTensor }];

  const attend = (id: string, params: Pick<AttendParams, 'text' | 'pair'>): Promise<AttentionRun> =>
    client.attend(
      { model: { id, folder: folderOf(id) }, owner: `test ${id}`, textWasCut: false, ...params },
      new CancellationTokenSource().token,
    );
  const explain = (
    id: string,
    runId: number,
    [layer, head, query, key]: readonly [number, number, number, number],
  ): Promise<ExplainedWeight> =>
    client.request(Explain, {
      ...{ model: { id, folder: folderOf(id) }, owner: `test ${id}`, runId },
      ...{ layer, head, query, key },
    });

  it('is PyTorch’s weight, from the products that the transformer from scratch finds', async () => {
    const run = await attend('scope-bert', { text: golden.text });
    const [, numHeads = 0, n = 0] = golden.attentions.dims;
    const expected = decodeFloats(golden.attentions.data);
    const own = runBert(scopeBert(), { ids: run.tokens.map(({ id }) => id), keepSteps: true });
    for (const place of [
      [0, 0, 1, 2],
      [2, 3, 4, 0],
      [3, 5, n - 1, n - 2],
    ] as const) {
      const [layer, head, query, key] = place;
      const found = await explain('scope-bert', run.runId, place);
      const weight = expected[((layer * numHeads + head) * n + query) * n + key]!;
      assert.ok(Math.abs(found.weight - weight) < 1e-5, `${found.weight} is not ${weight}`);
      assert.ok(found.largestDifference < 1e-5);
      assert.equal(found.addendKind, 'none');
      const { q, k, scores } = own.blocks[layer]!.attention.inner.heads[head]!;
      const [qRow, kRow] = [rowOf(q, query), rowOf(k, key)];
      // A graph that scales q and k before their product shows them so.
      const before = found.scaleKind === 'none' ? 1 / Math.sqrt(q.columns) : 1;
      new Float32Array(found.products).forEach((product, at) => {
        assert.ok(Math.abs(product - qRow[at]! * kRow[at]! * before) < 1e-4, `product ${at}`);
      });
      assert.ok(Math.abs(found.score - rowOf(scores, query)[key]! * before) < 1e-4);
    }
  });

  it('tells of the decoder that a later key is masked, and agrees with the int8 model', async () => {
    const run = await attend('scope-gpt', { text: 'The cat sat on the mat' });
    const later = await explain('scope-gpt', run.runId, [1, 2, 1, 4]);
    assert.deepEqual([later.addendKind, later.masked, later.weight, later.own], ['mask', null, 0, 0]);
    assert.notEqual(later.score, 0);
    const earlier = await explain('scope-gpt', run.runId, [1, 2, 4, 1]);
    assert.equal(earlier.addendKind, 'none');
    assert.ok(earlier.own > 0 && earlier.largestDifference < 1e-5);
  });

  it('reads a sentence pair with its segments', async () => {
    const text = 'The cat sat on the mat.\nIt was tired.';
    const run = await attend('scope-bert', { text, pair: { firstEnd: 23, secondStart: 24 } });
    const found = await explain('scope-bert', run.runId, [0, 1, 10, 2]);
    assert.ok(found.largestDifference < 1e-5, `off by ${found.largestDifference}`);
  });

  it('takes the encoder of an encoder-decoder apart, and refuses the rest', async () => {
    const id = 'scope-seq2seq';
    const run = await attend(id, { text: 'The cat sat on the mat.' });
    const [encoder, decoder, cross] = ['encoder', 'decoder', 'cross'].map(
      (name) => run.stacks!.find((stack) => stack.name === name)!.runId,
    ) as [number, number, number];
    const found = await explain(id, encoder, [0, 0, 1, 2]);
    assert.ok(found.largestDifference < 1e-5, `off by ${found.largestDifference}`);
    for (const runId of [decoder, cross]) {
      await assert.rejects(explain(id, runId, [0, 0, 1, 0]), (error) =>
        isScopeError(error, 'modelUnsupported'),
      );
    }
  });

  it('refuses what is not there', async () => {
    const run = await attend('scope-bert', { text: golden.text });
    for (const place of [
      [9, 0, 0, 0],
      [0, 99, 0, 0],
      [0, 0, 999, 0],
    ] as const) {
      await assert.rejects(explain('scope-bert', run.runId, place), (error) =>
        isScopeError(error, 'badRequest'),
      );
    }
    await assert.rejects(explain('scope-bert', 1, [0, 0, 0, 0]), (error) =>
      isScopeError(error, 'runExpired'),
    );
  });
});

describe('the code behind a step', () => {
  it('is shipped as it was written, with the function in it', () => {
    for (const { file, name } of Object.values(codePlaces)) {
      const shipped = readFileSync(join(__dirname, '..', '..', 'dist', 'scratch', file), 'utf8');
      const written = readFileSync(join(__dirname, '..', '..', 'src', 'scratch', file), 'utf8');
      assert.equal(shipped, written);
      assert.ok(lineOfFunction(shipped, name) > 0, `${name} in ${file}`);
    }
  });
});
