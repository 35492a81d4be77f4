import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configureRuntime } from '../../src/inference/runtime';
import { logSoftmax } from '../../src/inference/sampling';
import type { StackLayer } from '../../src/inference/seq2seqGraphs';
import { Seq2SeqModel } from '../../src/inference/seq2seqModel';
import { type ExpectedTensor, decodeFloats } from '../fixtures/graphCases';

/** Whole encoder-decoders in the files that published exports have, against PyTorch on the same weights. */

interface Expected {
  readonly text: string;
  readonly sourceIds: readonly number[];
  readonly targetIds: readonly number[];
  readonly lastLogits: ExpectedTensor;
  /** `[layers, heads, queries, keys]` */
  readonly encoder: ExpectedTensor;
  readonly decoder: ExpectedTensor;
  readonly cross: ExpectedTensor;
}

const folder = join(__dirname, '..', 'fixtures', 'seq2seq');

for (const family of ['t5', 'marian', 'bart']) {
  describe(`a whole ${family}`, function () {
    this.timeout(60_000);
    const expected = JSON.parse(readFileSync(join(folder, family, 'expected.json'), 'utf8')) as Expected;
    const maxNewTokens = expected.targetIds.length - 1;
    let model: Seq2SeqModel;
    before(async () => {
      await configureRuntime({
        kind: 'wasm',
        wasmFolder: dirname(require.resolve('onnxruntime-web')),
        numThreads: 1,
      });
      model = await Seq2SeqModel.load(join(folder, family));
    });
    after(() => model.release());

    for (const useCache of [true, false]) {
      it(`writes what PyTorch writes, ${useCache ? 'with' : 'without'} a key-value cache`, async () => {
        const written = await model.translate(expected.text, { maxNewTokens, useCache });
        assert.equal(written.usedCache, useCache);
        assert.deepEqual(
          written.tokens.map((token) => token.id),
          expected.targetIds.slice(1),
        );
        const wanted = logSoftmax(decodeFloats(expected.lastLogits.data));
        const last = written.tokens.at(-1)!;
        assert.ok(Math.abs(last.logProbability - wanted[last.id]!) <= 1e-4);
      });
    }

    it('draws the same with and without a cache for the same seed', async () => {
      const options = { maxNewTokens, temperature: 1.5, seed: 7 };
      const [one, other] = [
        await model.translate(expected.text, options),
        await model.translate(expected.text, { ...options, useCache: false }),
      ];
      assert.equal(one.text, other.text);
    });

    it('attends in three stacks as PyTorch does', async () => {
      // Words that the tokenizer splits again give back the ids that PyTorch wrote.
      const { text } = await model.translate(expected.text, { maxNewTokens: maxNewTokens - 1 });
      const run = await model.attend(expected.text, text);
      assert.deepEqual(
        run.source.map((token) => token.id),
        expected.sourceIds,
      );
      assert.deepEqual(
        run.target.map((token) => token.id),
        expected.targetIds.slice(0, -1),
      );
      closeTo(run.decoder, expected.decoder);
      closeTo(run.cross, expected.cross);
      closeTo(run.encoder, expected.encoder);
    });
  });
}

function closeTo(layers: readonly StackLayer[], { dims, data }: ExpectedTensor): void {
  const wanted = decodeFloats(data);
  const found = layers.flatMap((layer) => [...layer.data]);
  assert.deepEqual([layers.length, layers[0]?.numHeads], dims.slice(0, 2));
  assert.equal(found.length, wanted.length);
  const worst = found.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)), 0);
  assert.ok(worst <= 1e-5, `differs by ${worst}`);
}
