import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScopeError } from '../../src/protocol/errors';
import { LogitLens, NextToken, Tokenize } from '../../src/protocol/language';
import type { InferenceClient } from '../../src/worker/client';
import { type ExpectedTensor, decodeFloats } from '../fixtures/graphCases';
import { startClient } from './startClient';

/** The logit lens through the inference process, against PyTorch's head on PyTorch's hidden states. */

const root = join(__dirname, '..', '..');
const fixtures = join(root, 'test', 'fixtures');
const owner = 'test';

/** `decomposed`: the norm spelled out; `fused`: a norm that also adds the residual, with a bias or without. */
const names = [
  ...['gpt2', 'llama', 'bert', 'bert-decomposed', 'gpt2-decomposed'],
  ...['bert-fused', 'gpt2-fused', 'llama-fused'],
];

for (const runtime of ['wasm', 'native'] as const) {
  describe(`the logit lens (${runtime})`, function () {
    this.timeout(60_000);
    let client: InferenceClient;
    before(() => {
      client = startClient(runtime);
    });
    after(() => client.dispose());

    for (const name of names) {
      it(`${name}: the probabilities of every layer`, async () => {
        const folder = join(fixtures, 'lens', name);
        const { text, ids, position, rows } = JSON.parse(
          readFileSync(join(folder, 'expected.json'), 'utf8'),
        ) as { text: string; ids: number[]; position: number; rows: ExpectedTensor };
        const [numRows = 0, vocabulary = 0] = rows.dims;
        const wanted = decodeFloats(rows.data);
        const reading = await client.request(LogitLens, {
          ...{ model: { id: name, folder }, owner, text, position },
          topK: vocabulary,
        });
        assert.deepEqual(
          reading.tokens.map((token) => token.id),
          ids,
        );
        assert.equal(reading.head, name.startsWith('bert') ? 'masked' : 'causal');
        assert.deepEqual(
          reading.layers.map((each) => each.layer),
          Array.from({ length: numRows }, (_, row) => row),
        );
        const actualId = ids[name.startsWith('bert') ? position : position + 1]!;
        reading.layers.forEach(({ candidates, actual, entropyBits }, row) => {
          const logs = wanted.subarray(row * vocabulary, (row + 1) * vocabulary);
          assert.equal(candidates.length, vocabulary);
          for (const { id, probability } of candidates) {
            assert.ok(Math.abs(probability - Math.exp(logs[id]!)) <= 1e-5, `layer ${row}, token ${id}`);
          }
          assert.equal(actual?.id, actualId);
          assert.ok(Math.abs(actual.probability - Math.exp(logs[actualId]!)) <= 1e-5);
          assert.equal(actual.rank, 1 + logs.filter((each) => each > logs[actualId]!).length);
          const bits = logs.reduce((sum, each) => sum - (Math.exp(each) * each) / Math.LN2, 0);
          assert.ok(Math.abs(entropyBits - bits) <= 1e-4);
        });
      });
    }

    for (const bundled of ['scope-bert', 'scope-gpt']) {
      it(`${bundled}: ends with the model's own answer`, async () => {
        const model = { id: bundled, folder: join(root, 'models', bundled) };
        const text = 'The cat sat on the mat';
        const { tokens } = await client.request(Tokenize, { model, owner, text });
        const position = tokens.length - 2;
        const { layers } = await client.request(LogitLens, { model, owner, text, position, topK: 3 });
        assert.ok(layers.length >= 3);
        assert.ok(layers.every(({ candidates }) => candidates.length === 3));
        if (bundled === 'scope-gpt') {
          const all = await client.request(LogitLens, {
            model,
            owner,
            text,
            position: tokens.length - 1,
            topK: 3,
          });
          const next = await client.request(NextToken, { model, owner, text, topK: 3 });
          assert.deepEqual(
            all.layers.at(-1)?.candidates.map(({ id }) => id),
            next.map(({ id }) => id),
          );
        }
      });
    }

    it('refuses a position outside the text, and a model that has no such head, with a sentence', async () => {
      const model = { id: 'gpt2', folder: join(fixtures, 'lens', 'gpt2') };
      const asked = { model, owner, text: 'the river', position: 99, topK: 3 };
      await assert.rejects(client.request(LogitLens, asked), (error) => isScopeError(error, 'badRequest'));
      const encoder = { id: 'encoder', folder: join(fixtures, 'language', 'encoder') };
      await assert.rejects(
        client.request(LogitLens, { ...asked, model: encoder, position: 0 }),
        (error) => isScopeError(error, 'modelUnsupported') && /head/.test(error.detail ?? ''),
      );
    });
  });
}
