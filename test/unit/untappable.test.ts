import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { FillMask, LogitLens, Score } from '../../src/protocol/language';
import type { InferenceClient } from '../../src/worker/client';
import { GraphWriter } from '../bench/graphWriter';
import { languageFolder } from '../fixtures/language/models';
import { startClient } from './startClient';

/** A masked model that looks at no other token: an embedding and a product, and no attention to tap. */
describe('a graph that cannot be tapped', function () {
  this.timeout(60_000);
  const owner = 'test';
  let folder: string;
  let client: InferenceClient;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scope-'));
    cpSync(join(languageFolder, 'masked'), folder, { recursive: true });
    mkdirSync(join(folder, 'onnx'), { recursive: true });
    const graph = new GraphWriter('fp32');
    graph.input('input_ids', 7, ['batch_size', 'sequence_length']);
    const state = graph.embedding(22, 8, 'input_ids');
    graph.output('logits', graph.product(state, 8, 22), ['batch_size', 'sequence_length', 22]);
    writeFileSync(join(folder, 'onnx', 'model.onnx'), Buffer.concat(graph.finish()));
    client = startClient('wasm');
  });
  after(() => {
    client.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says in one sentence why it shows no attention and no layers', async () => {
    const model = { id: 'x', folder };
    await assert.rejects(
      client.attend(
        { model, text: 'the cat sat', owner, textWasCut: false },
        new CancellationTokenSource().token,
      ),
      (error) =>
        isScopeError(error, 'modelUnsupported') && /no softmax in its graph/.test(error.detail ?? ''),
    );
    await assert.rejects(
      client.request(LogitLens, { model, owner, text: 'the cat', position: 1, topK: 1 }),
      (error) => isScopeError(error, 'modelUnsupported') && /head/.test(error.detail ?? ''),
    );
  });

  it('predicts and scores all the same', async () => {
    const model = { id: 'x', folder };
    const [filled] = await client.request(FillMask, { model, owner, text: 'the [MASK] sat', topK: 3 });
    assert.equal(filled?.candidates.length, 3);
    const scored = await client.request(Score, { model, owner, text: 'the cat sat' });
    assert.ok(scored.logLikelihood < 0);
  });
});
