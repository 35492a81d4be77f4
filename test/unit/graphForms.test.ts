import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { NextToken } from '../../src/protocol/language';
import { Head } from '../../src/protocol/worker';
import type { InferenceClient } from '../../src/worker/client';
import { languageFolder } from '../fixtures/language/models';
import { startClient } from './startClient';

/** The same model in other files: weights beside the graph, on both runtimes, through the process. */

const text = 'the old man walked to the river';
const fixtures = join(languageFolder, '..');

for (const runtime of ['wasm', 'native'] as const) {
  describe(`a model with external data (${runtime})`, function () {
    this.timeout(60_000);
    let client: InferenceClient;
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'scope-'));
      cpSync(join(languageFolder, 'causal'), folder, { recursive: true });
      cpSync(join(fixtures, 'external'), folder, { recursive: true });
      client = startClient(runtime);
    });
    after(() => {
      client.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    const attention = async (where: string): Promise<Float32Array> => {
      const run = await client.attend(
        { model: { id: 'x', folder: where }, text, owner: 'test', textWasCut: false },
        new CancellationTokenSource().token,
      );
      const { weights } = await client.request(Head, { runId: run.runId, layer: 1, head: 1 });
      return new Float32Array(weights);
    };

    it('attends and predicts as with its weights inside', async () => {
      const inside = join(languageFolder, 'causal');
      assert.deepEqual(await attention(folder), await attention(inside));
      const predict = (where: string): Promise<unknown> =>
        client.request(NextToken, { model: { id: 'x', folder: where }, owner: 'test', text, topK: 5 });
      assert.deepEqual(await predict(folder), await predict(inside));
    });

    it('names the file that is missing', async () => {
      const broken = mkdtempSync(join(tmpdir(), 'scope-'));
      try {
        cpSync(folder, broken, { recursive: true });
        rmSync(join(broken, 'onnx', 'model.onnx_data'));
        await assert.rejects(
          attention(broken),
          (error) => isScopeError(error, 'modelMissing') && /model\.onnx_data/.test(error.detail ?? ''),
        );
      } finally {
        rmSync(broken, { recursive: true, force: true });
      }
    });

    it('refuses weights that are cut off', async () => {
      const broken = mkdtempSync(join(tmpdir(), 'scope-'));
      try {
        cpSync(folder, broken, { recursive: true });
        const file = join(broken, 'onnx', 'model.onnx_data');
        writeFileSync(file, readFileSync(file).subarray(0, 1000));
        await assert.rejects(attention(broken), (error) => isScopeError(error, 'modelCorrupt'));
        assert.ok((await attention(folder)).length > 0, 'and the process goes on');
      } finally {
        rmSync(broken, { recursive: true, force: true });
      }
    });
  });
}
