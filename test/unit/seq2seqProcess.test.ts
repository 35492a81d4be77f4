import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import type { GeneratedToken } from '../../src/protocol/language';
import { AttendSeq2Seq, Seq2SeqHead, Translate, stackNames } from '../../src/protocol/seq2seq';
import type { InferenceClient } from '../../src/worker/client';
import { type ExpectedTensor, decodeFloats } from '../fixtures/graphCases';
import { startClient } from './startClient';

/** Encoder-decoders through the bundled inference process, against PyTorch on the same weights. */

const root = join(__dirname, '..', '..');
const folder = join(root, 'test', 'fixtures', 'seq2seq', 't5');
const model = { id: 't5', folder };
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
  text: string;
  targetIds: number[];
} & Record<(typeof stackNames)[number], ExpectedTensor>;
const maxNewTokens = expected.targetIds.length - 1;

for (const runtime of ['wasm', 'native'] as const) {
  describe(`the inference process on encoder-decoders (${runtime})`, function () {
    this.timeout(60_000);
    const owner = 'test';
    let client: InferenceClient;
    before(() => {
      client = startClient(runtime);
    });
    after(() => client.dispose());

    it('translates as PyTorch does, each token told before the answer', async () => {
      const streamed: GeneratedToken[] = [];
      const { tokens, usedCache } = await client.translate(
        { model, owner, text: expected.text, options: { maxNewTokens } },
        (token) => streamed.push(token),
      );
      assert.equal(usedCache, true);
      assert.deepEqual(
        tokens.map((token) => token.id),
        expected.targetIds.slice(1),
      );
      assert.deepEqual(streamed, tokens);
    });

    it('attends in three stacks and hands out each head', async () => {
      const { text } = await client.request(Translate, {
        ...{ model, owner, text: expected.text },
        options: { maxNewTokens: maxNewTokens - 1 },
      });
      const run = await client.request(AttendSeq2Seq, { model, owner, source: expected.text, target: text });
      assert.equal(run.generated, false);
      for (const stack of stackNames) {
        const [numLayers = 0, numHeads = 0, numQueries = 0, numKeys = 0] = expected[stack].dims;
        assert.deepEqual(run.stacks[stack], { numLayers, numHeads, numQueries, numKeys });
        const wanted = decodeFloats(expected[stack].data);
        for (let layer = 0; layer < numLayers; layer++) {
          for (let head = 0; head < numHeads; head++) {
            const request = { runId: run.runId, stack, layer, head };
            const { weights } = await client.request(Seq2SeqHead, request);
            const offset = (layer * numHeads + head) * numQueries * numKeys;
            new Float32Array(weights).forEach((weight, index) =>
              assert.ok(Math.abs(weight - wanted[offset + index]!) <= 1e-5, `${stack} ${layer}.${head}`),
            );
          }
        }
      }
    });

    it('refuses a head that does not exist, a run that is gone and an empty text', async () => {
      const run = await client.request(AttendSeq2Seq, { model, owner, source: 'the cat', target: 'the dog' });
      const head = { runId: run.runId, stack: 'cross', layer: 0, head: 99 } as const;
      await assert.rejects(client.request(Seq2SeqHead, head), (error) => isScopeError(error, 'badRequest'));
      client.release(owner);
      await assert.rejects(client.request(Seq2SeqHead, { ...head, head: 0 }), (error) =>
        isScopeError(error, 'runExpired'),
      );
      await assert.rejects(client.request(AttendSeq2Seq, { model, owner, source: ' ' }), (error) =>
        isScopeError(error, 'emptyText'),
      );
    });

    it('says that a model of one stack translates nothing', async () => {
      const bert = { id: 'bert', folder: join(root, 'models', 'scope-bert') };
      await assert.rejects(
        client.request(Translate, { model: bert, owner, text: 'a', options: {} }),
        (error) => isScopeError(error),
      );
    });

    it('stops a translation within a token, and the process lives', async () => {
      const source = new CancellationTokenSource();
      let seen = 0;
      const pending = client.translate(
        { model, owner, text: expected.text, options: { maxNewTokens: 60 } },
        () => {
          if (++seen === 2) {
            source.cancel();
          }
        },
        source.token,
      );
      await assert.rejects(pending, (error) => isScopeError(error, 'cancelled'));
      assert.ok(seen <= 4, `${seen} tokens came`);
      const pid = client.processId;
      await client.request(AttendSeq2Seq, { model, owner, source: 'the cat', target: 'the dog' });
      assert.equal(client.processId, pid);
    });
  });
}
