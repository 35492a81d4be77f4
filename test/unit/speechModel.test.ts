import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { configureRuntime } from '../../src/inference/runtime';
import type { StackLayer } from '../../src/inference/seq2seqGraphs';
import { SpeechModel } from '../../src/inference/speechModel';
import { isScopeError } from '../../src/protocol/errors';
import { type ExpectedTensor, decodeFloats } from '../fixtures/graphCases';
import { expectedSpeech, sound, speechFolder } from '../fixtures/speech/cases';

/** A whole Whisper in the files that published exports have, against PyTorch on the same weights. */

const expected = expectedSpeech();
const maxNewTokens = expected.ids.length;

for (const name of ['whisper', 'whisper-merged'] as const) {
  describe(`a whole ${name}`, function () {
    this.timeout(60_000);
    let model: SpeechModel;
    before(async () => {
      await configureRuntime({
        kind: 'wasm',
        wasmFolder: dirname(require.resolve('onnxruntime-web')),
        numThreads: 1,
      });
      model = await SpeechModel.load(speechFolder(name));
    });
    after(() => model.release());

    for (const useCache of [true, false]) {
      it(`writes what PyTorch writes, ${useCache ? 'with' : 'without'} a key-value cache`, async () => {
        const written = await model.transcribe(sound(), { language: 'en', maxNewTokens, useCache });
        assert.equal(written.usedCache, useCache);
        assert.deepEqual(
          written.tokens.map((token) => token.id),
          expected.ids,
        );
        assert.equal(written.text, expected.text);
        assert.equal(written.heardSeconds, 0.8);
        const wanted = decodeFloats(expected.logProbabilities.data);
        written.tokens.forEach(({ logProbability }, index) =>
          assert.ok(Math.abs(logProbability - wanted[index]!) <= 1e-4, `token ${index}`),
        );
      });
    }

    it('guesses the language as transformers does', async () => {
      const { language } = await model.transcribe(sound(), { maxNewTokens: 1 });
      assert.equal(`<|${language}|>`, expected.language);
    });

    it('attends in three stacks as PyTorch does', async () => {
      const run = await model.attend(sound(), expected.text, { language: 'en' });
      // Bytes that are no UTF-8 cannot come back out of a text, so the tokens of the text are our own …
      assert.deepEqual(
        run.target.slice(0, 4).map((token) => token.id),
        expected.prompt,
      );
      assert.equal(run.numFrames, 50);
      assert.ok(Math.abs(run.secondsPerFrame - 0.02) < 1e-12);
      closeTo(run.encoder, expected.encoder);
      assert.ok(run.decoder.every(({ numQueries, numKeys }) => numQueries === numKeys));
    });

    it('attends to the sound while it writes, as PyTorch does', async () => {
      const run = await model.attend(sound(), undefined, { language: 'en' });
      assert.ok(run.generated && run.language === 'en');
      // … and those that it writes itself begin with PyTorch's.
      const length = expected.prompt.length + expected.ids.length;
      assert.deepEqual(
        run.target.slice(0, length).map((token) => token.id),
        [...expected.prompt, ...expected.ids],
      );
      const words = run.target.slice(4);
      words.forEach(({ start }, index) => assert.equal(start, index === 0 ? 0 : words[index - 1]!.end));
      // Later tokens change nothing for earlier ones: the causal corner and the first rows are PyTorch's.
      closeTo(
        run.decoder.map((layer) => corner(layer, length, length)),
        expected.decoder,
      );
      closeTo(
        run.cross.map((layer) => corner(layer, length, 50)),
        expected.cross,
      );
    });

    it('refuses another rate, no sound, and a language that it does not have', async () => {
      const bad = (error: unknown): boolean => isScopeError(error, 'badRequest');
      const { samples } = sound();
      await assert.rejects(model.transcribe({ samples, sampleRate: 44_100 }), bad);
      await assert.rejects(model.transcribe({ samples: new Float32Array(0), sampleRate: 16_000 }), bad);
      await assert.rejects(model.transcribe(sound(), { language: 'tlh' }), bad);
    });
  });
}

/** The first rows and columns of every head. */
function corner(
  { numHeads, numKeys, numQueries, data }: StackLayer,
  rows: number,
  columns: number,
): StackLayer {
  const kept = new Float32Array(numHeads * rows * columns);
  for (let head = 0; head < numHeads; head++) {
    for (let row = 0; row < rows; row++) {
      const from = (head * numQueries + row) * numKeys;
      kept.set(data.subarray(from, from + columns), (head * rows + row) * columns);
    }
  }
  return { numHeads, numQueries: rows, numKeys: columns, data: kept };
}

function closeTo(layers: readonly StackLayer[], { dims, data }: ExpectedTensor): void {
  const wanted = decodeFloats(data);
  const found = layers.flatMap((layer) => [...layer.data]);
  assert.deepEqual([layers.length, layers[0]?.numHeads], dims.slice(0, 2));
  assert.equal(found.length, wanted.length);
  const worst = found.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)), 0);
  assert.ok(worst <= 1e-5, `differs by ${worst}`);
}
