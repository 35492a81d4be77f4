import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AttentionModel } from '../../src/inference/attentionModel';
import { configureRuntime } from '../../src/inference/runtime';
import { Tokenizer } from '../../src/inference/tokenizer';
import { splitTokens, tokenizePair } from '../../src/worker/attentionPair';

interface PairCase {
  readonly first: string;
  readonly second: string;
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  /** Each within its own text. */
  readonly offsets: readonly (readonly [number, number])[];
  readonly cutTo10: readonly number[];
  readonly attention: readonly (readonly number[])[];
}

const root = join(__dirname, '..', '..');
const folder = join(root, 'models', 'scope-bert');
const { cases } = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scopeBert', 'pair.json'), 'utf8'),
) as { cases: PairCase[] };

/** Against Hugging Face's tokenizers and ONNX Runtime for Python (`test/fixtures/python/pair_golden.py`). */
describe('a sentence pair', function () {
  this.timeout(60_000);
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await Tokenizer.load(folder);
  });
  const joined = ({ first, second }: PairCase) => ({
    text: `${first}\n${second}`,
    pair: { firstEnd: first.length, secondStart: first.length + 1 },
  });

  for (const expected of cases) {
    it(`is encoded as Hugging Face does: ${expected.first}`, () => {
      const { text, pair } = joined(expected);
      const { tokens, typeIds, secondFrom, totalTokens } = tokenizePair(tokenizer, text, pair, 256);
      assert.deepEqual(
        tokens.map((token) => token.id),
        expected.ids,
      );
      assert.deepEqual(typeIds, expected.typeIds);
      assert.equal(secondFrom, expected.typeIds.indexOf(1));
      assert.equal(totalTokens, expected.ids.length);
      tokens.forEach((token, index) => {
        if (!token.special) {
          const [start, end] = expected.offsets[index] ?? [-1, -1];
          const shift = index >= secondFrom ? pair.secondStart : 0;
          assert.deepEqual([token.start, token.end], [start + shift, end + shift]);
        }
      });
    });

    it(`gives way where it is longer: ${expected.first}`, () => {
      const { text, pair } = joined(expected);
      const { tokens, typeIds, totalTokens } = tokenizePair(tokenizer, text, pair, 10);
      assert.deepEqual(
        tokens.map((token) => token.id),
        expected.cutTo10,
      );
      assert.equal(typeIds.length, 10);
      assert.equal(totalTokens, expected.ids.length);
    });

    it(`is attended to as ONNX Runtime for Python does: ${expected.first}`, async () => {
      await configureRuntime({
        kind: 'wasm',
        wasmFolder: dirname(require.resolve('onnxruntime-web')),
        numThreads: 1,
      });
      const model = await AttentionModel.load({ id: 'scope-bert', folder }, 'wasm', 1);
      const layers = await model.attend(expected.ids, expected.typeIds);
      const n = expected.ids.length;
      const head = layers[2]?.data.subarray(3 * n * n, 4 * n * n) ?? [];
      expected.attention.flat().forEach((weight, index) => {
        assert.ok(Math.abs((head[index] ?? NaN) - weight) < 1e-5, `cell ${index}`);
      });
      await model.release();
    });
  }

  it('of a decoder is one text that is divided where the second begins', () => {
    const at = (start: number, end: number) => ({ id: 0, piece: '', text: '', start, end, special: false });
    const tokens = [at(0, 3), at(3, 7), at(8, 10)];
    assert.equal(splitTokens(tokens, { firstEnd: 7, secondStart: 8 }), 2);
    assert.equal(splitTokens(tokens, { firstEnd: 20, secondStart: 21 }), 3);
  });
});
