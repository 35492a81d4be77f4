import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { Generate } from '../../src/protocol/language';
import { ListLoaded, LoadModel, type ProcessMemory, UnloadModel } from '../../src/protocol/loadedModels';
import type { InferenceClient, Job } from '../../src/worker/client';
import { startClient } from './startClient';

/** What the bundled inference process tells of its memory, and how models come and go in it. */

const root = join(__dirname, '..', '..');
const model = (id: string): { id: string; folder: string } => ({ id, folder: join(root, 'models', id) });
const bert = model('scope-bert');
const gpt = model('scope-gpt');
const owner = 'test';
const sizeOf = (id: string, graph: string): number => statSync(join(root, 'models', id, 'onnx', graph)).size;

for (const runtime of ['native', 'wasm'] as const) {
  describe(`models in the inference process (${runtime})`, function () {
    this.timeout(60_000);
    const told: ProcessMemory[] = [];
    const alive: boolean[] = [];
    const ended: { job: Job; failure: ScopeError | undefined }[] = [];
    let numJobs: number[] = [];
    let client: InferenceClient;
    before(() => {
      client = startClient(runtime, undefined, {
        memory: (memory) => told.push(memory),
        process: (isAlive) => alive.push(isAlive),
        jobs: (left) => numJobs.push(left.length),
        ended: (job, failure) => ended.push({ job, failure }),
      });
    });
    after(() => client.dispose());
    const folders = ({ models }: ProcessMemory): string[] => models.map(({ folder }) => folder).sort();

    it('is not started by a question about it', async () => {
      assert.equal(await client.askRunning(ListLoaded, {}), undefined);
      assert.equal(await client.askRunning(UnloadModel, { folder: bert.folder }), undefined);
      assert.equal(client.processId, undefined);
      assert.deepEqual(alive, []);
    });

    it('lists what was loaded, with the size of its files', async () => {
      const memory = await client.request(LoadModel, { model: bert, owner });
      assert.deepEqual(memory.models, [{ folder: bert.folder, bytes: sizeOf('scope-bert', 'model.onnx') }]);
      assert.equal(memory.runtime, runtime);
      assert.equal(memory.numThreads, 1);
      assert.ok(memory.residentBytes > 30e6 && memory.residentBytes < 2e9, `${memory.residentBytes}`);
      assert.deepEqual(alive, [true]);
      assert.deepEqual(told.map(folders), [[bert.folder]]);
      assert.deepEqual(numJobs, [1, 0]);
    });

    it('answers while a job runs, and counts the same model used in two ways', async () => {
      let isDone = false;
      const options = { maxNewTokens: 100, temperature: 1, seed: 1 };
      const running = client
        .request(Generate, { model: gpt, owner, prompt: 'The cat', options })
        .finally(() => (isDone = true));
      let memory = await client.askRunning(ListLoaded, {});
      while (memory && memory.models.length < 2 && !isDone) {
        memory = await client.askRunning(ListLoaded, {});
      }
      assert.equal(isDone, false, 'the list came before the job was done');
      assert.deepEqual(folders(memory as ProcessMemory), [bert.folder, gpt.folder].sort());
      await running;
      const both = await client.request(LoadModel, { model: gpt, owner });
      const bytes = both.models.find(({ folder }) => folder === gpt.folder)?.bytes;
      assert.equal(bytes, 2 * sizeOf('scope-gpt', 'model_quantized.onnx'));
    });

    it('releases one model and keeps the others', async () => {
      const memory = await client.askRunning(UnloadModel, { folder: gpt.folder });
      assert.deepEqual(memory && folders(memory), [bert.folder]);
      assert.deepEqual(told.at(-1) && folders(told.at(-1) as ProcessMemory), [bert.folder]);
      const again = await client.request(LoadModel, { model: gpt, owner });
      assert.deepEqual(folders(again), [bert.folder, gpt.folder].sort());
    });

    it('loads what reads pictures and what translates', async () => {
      for (const id of ['scope-clip', 'scope-seq2seq']) {
        const memory = await client.request(LoadModel, { model: model(id), owner });
        assert.ok(folders(memory).includes(model(id).folder), id);
      }
    });

    it('says which model failed and why', async () => {
      ended.length = 0;
      const nothing = { id: 'nothing', folder: join(root, 'models', 'nothing') };
      await assert.rejects(client.request(LoadModel, { model: nothing, owner }));
      assert.deepEqual(
        ended.map(({ job, failure }) => [job.method, job.model.id, failure?.code]),
        [['models/load', 'nothing', 'modelMissing']],
      );
    });

    it('forgets a job that was cancelled', async () => {
      const source = new CancellationTokenSource();
      numJobs = [];
      const loading = client.request(LoadModel, { model: bert, owner }, source.token);
      source.cancel();
      await assert.rejects(loading, { code: 'cancelled' });
      assert.deepEqual(numJobs, [1, 0]);
    });

    it('tells when the process ends, once', () => {
      client.unload();
      client.unload();
      assert.deepEqual(alive, [true, false]);
    });
  });
}
