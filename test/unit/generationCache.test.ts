import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DecoderGraph, hasCache, makeDecoder } from '../../src/inference/decoder';
import { makeFeeds } from '../../src/inference/feeds';
import type { OutputTensor } from '../../src/inference/runtime';
import { configureRuntime, createSession } from '../../src/inference/runtime';
import { parseModel } from '../../src/onnx/parse';
import { graphCases } from '../fixtures/graphCases';

/** Other families and the other exporter, as graphs alone: reading in steps equals reading at once. */
describe('the key-value cache', () => {
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  const cases = graphCases().filter((each) => each.name.endsWith('-kv'));
  it('has fixtures', () => assert.ok(cases.length >= 2));

  for (const { name, file } of cases) {
    it(`changes no logit of ${name}`, async () => {
      const graph = await loadGraph(file);
      assert.ok(hasCache(graph));
      const ids = [5, 61, 7, 7, 33, 2, 18, 40];
      for (const steps of [[8], [1, 1, 1, 1, 1, 1, 1, 1], [3, 4, 1]]) {
        const cached = makeDecoder(graph, true);
        const full = makeDecoder(graph, false);
        let from = 0;
        for (const count of steps) {
          const some = ids.slice(from, (from += count));
          const expected = await full.read(some);
          const got = await cached.read(some);
          assert.equal(got.length, expected.length);
          got.forEach((logit, id) => assert.ok(Math.abs(logit - expected[id]!) < 1e-5, `${logit}`));
        }
      }
      await graph.session.release();
    });
  }

  it('is carried over in half precision, as ONNX Runtime in Python does it', async () => {
    const folder = join(__dirname, '..', 'fixtures', 'half');
    const { ids, prompt, logits } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      ids: number[];
      prompt: number;
      logits: number[][];
    };
    const graph = await loadGraph(join(folder, 'model.onnx'));
    assert.ok(hasCache(graph));
    const decoder = makeDecoder(graph, true);
    for (const [step, expected] of logits.entries()) {
      const got = await decoder.read(step === 0 ? ids.slice(0, prompt) : [ids[prompt + step - 1]!]);
      // Half precision has three digits; two builds of the runtime add up in different orders.
      got.forEach((logit, id) =>
        assert.ok(Math.abs(logit - expected[id]!) < 0.02, `${logit} is not ${expected[id]}`),
      );
    }
    await graph.session.release();
  });

  it('is not used where the graph has none', async () => {
    const plain = graphCases().find((each) => each.name === 'gpt2-legacy17');
    const graph = await loadGraph(plain!.file);
    assert.equal(hasCache(graph), false);
    const logits = await makeDecoder(graph, true).read([5, 61, 7]);
    assert.equal(logits.length, 64);
    await graph.session.release();
  });
});

async function loadGraph(file: string): Promise<DecoderGraph> {
  const bytes = new Uint8Array(readFileSync(file));
  const { inputs, outputs } = parseModel(bytes);
  const session = await createSession(bytes);
  return {
    session,
    inputs,
    outputNames: new Set(outputs.map((output) => output.name)),
    output: async (name, ids) =>
      (await session.run(makeFeeds(inputs, ids), [name])).get(name) as OutputTensor,
  };
}
