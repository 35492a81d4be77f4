import assert from 'node:assert/strict';
import { isScopeError } from '../../src/protocol/errors';
import { AttendSpeech, SpeechHead, Transcribe } from '../../src/protocol/speech';
import type { InferenceClient } from '../../src/worker/client';
import { decodeFloats } from '../fixtures/graphCases';
import { expectedSpeech, sound, speechFolder } from '../fixtures/speech/cases';
import { startClient } from './startClient';

/** Whisper through the bundled inference process, against PyTorch on the same weights. */

const expected = expectedSpeech();
const model = { id: 'whisper', folder: speechFolder('whisper') };
const asked = { model, owner: 'test', sound: sound() };

for (const runtime of ['wasm', 'native'] as const) {
  describe(`the inference process on speech (${runtime})`, function () {
    this.timeout(60_000);
    let client: InferenceClient;
    before(() => {
      client = startClient(runtime);
    });
    after(() => client.dispose());

    it('writes down a sound as PyTorch does', async () => {
      const options = { maxNewTokens: expected.ids.length };
      const { tokens, text, language } = await client.request(Transcribe, { ...asked, options });
      assert.deepEqual(
        tokens.map((token) => token.id),
        expected.ids,
      );
      assert.equal(text, expected.text);
      assert.equal(`<|${language}|>`, expected.language);
    });

    it('attends in three stacks and hands out each head', async () => {
      const run = await client.request(AttendSpeech, { ...asked, text: '', options: { language: 'en' } });
      assert.deepEqual(
        run.target.map((token) => token.id),
        expected.prompt,
      );
      const queries = expected.prompt.length;
      assert.deepEqual(run.stacks, {
        encoder: { numLayers: 2, numHeads: 4, numQueries: 50, numKeys: 50 },
        decoder: { numLayers: 2, numHeads: 4, numQueries: queries, numKeys: queries },
        cross: { numLayers: 2, numHeads: 4, numQueries: queries, numKeys: 50 },
      });
      for (const stack of ['encoder', 'cross'] as const) {
        const { dims, data } = expected[stack];
        const [, heads = 0, rows = 0, keys = 0] = dims;
        const wanted = decodeFloats(data);
        for (let index = 0; index < 2 * heads; index++) {
          const [layer, head] = [Math.floor(index / heads), index % heads];
          const { weights } = await client.request(SpeechHead, { runId: run.runId, stack, layer, head });
          new Float32Array(weights).forEach((weight, at) => {
            assert.ok(
              Math.abs(weight - wanted[index * rows * keys + at]!) <= 1e-5,
              `${stack} ${index} ${at}`,
            );
          });
        }
      }
      const missing = { runId: run.runId, stack: 'cross', layer: 2, head: 0 } as const;
      const isBad = (error: unknown): boolean => isScopeError(error, 'badRequest');
      await assert.rejects(client.request(SpeechHead, missing), isBad);
    });
  });
}
