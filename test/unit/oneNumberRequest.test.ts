import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codePlaces, lineOfFunction } from '../../src/host/codePlaces';
import type { AttentionRun } from '../../src/protocol/attention';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import type { ExplainedWeight } from '../../src/protocol/oneNumber';
import { type AttendParams, Explain, ExplainLayer, ExplainPositions } from '../../src/protocol/worker';
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

  it('takes every stack of an encoder-decoder apart, and follows the decoder’s layer through all three halves', async () => {
    const id = 'scope-seq2seq';
    const run = await attend(id, { text: 'The cat sat on the mat.' });
    const model = { id, folder: folderOf(id) };
    for (const { name, runId } of run.stacks!) {
      const found = await explain(id, runId, [1, 0, 2, 1]);
      assert.ok(found.largestDifference < 1e-5, `${name}: off by ${found.largestDifference}`);
      assert.notEqual(found.own, 0);
      const asked = { model, owner: `test ${id}`, runId, layer: 1, query: 2, dimension: 5 };
      const steps = await client.request(ExplainLayer, asked);
      const kinds = name === 'encoder' ? ['self', 'feedForward'] : ['self', 'cross', 'feedForward'];
      assert.deepEqual(
        steps.sublayers.map(({ kind }) => kind),
        kinds,
      );
      assert.deepEqual([steps.gap, steps.rounds, steps.half], [null, false, false]);
      assert.ok(steps.output.difference! < 1e-5, `${name}: off by ${steps.output.difference}`);
    }
  });

  it('rounds as the int8 file does, and is then the file’s own', async () => {
    const id = 'scope-gpt';
    const run = await attend(id, { text: 'The cat sat on the mat' });
    const model = { id, folder: folderOf(id) };
    const asked = { model, owner: `test ${id}`, runId: run.runId, layer: 3, query: 4, dimension: 0 };
    const steps = await client.request(ExplainLayer, asked);
    assert.ok(steps.rounds);
    // The stream of this model holds numbers of some tens.
    assert.ok(steps.output.difference! < 1e-4, `off by ${steps.output.difference}`);
    const [self, forward] = steps.sublayers;
    assert.equal(self?.before?.form, 'layer');
    assert.equal(forward?.feedForward?.activation, 'geluTanh');
    await assert.rejects(client.request(ExplainLayer, { ...asked, dimension: 192 }), (error) =>
      isScopeError(error, 'badRequest'),
    );
  });

  it('runs a model without its positions: copies of one token then share their attention evenly', async () => {
    for (const [id, kind, causal] of [
      ['scope-bert', 'learned', false],
      ['scope-gpt', 'learned', true],
      ['scope-seq2seq', 'sinusoidal', false],
    ] as const) {
      const run = await attend(id, { text: 'cat cat cat cat cat cat' });
      const model = { id, folder: folderOf(id) };
      // Of a decoder only the first layer: then each token has seen another number of them.
      const asked = { model, owner: `test ${id}`, runId: run.runId, layer: 0, head: 2 };
      const found = await client.request(ExplainPositions, asked);
      assert.deepEqual([found.kind, found.kept, found.causal], [kind, null, causal]);
      assert.ok(found.table && found.without);
      const similarity = new Float32Array(found.table.similarity);
      assert.ok(Math.abs(similarity[0]! - 1) < 1e-5 && similarity[1]! > similarity[20]!);
      if (kind === 'sinusoidal') {
        assert.ok(found.table.fromFormula! < 1e-5, `off by ${found.table.fromFormula}`);
      }
      const tokens = run.tokens.slice(0, run.stacks ? run.secondFrom : undefined);
      const same = tokens.flatMap((token, at) => (token.id === tokens[2]!.id ? [at] : []));
      const spreadOf = (weights: ArrayBuffer): number => {
        const all = new Float32Array(weights);
        const row = same.at(-1)! * tokens.length;
        const values = same.map((key) => all[row + key]!);
        return Math.max(...values) / Math.min(...values);
      };
      assert.ok(spreadOf(found.without.without) < 1.001, `${id}: ${spreadOf(found.without.without)}`);
      assert.ok(spreadOf(found.without.own) > 1.05, `${id}: ${spreadOf(found.without.own)}`);
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
