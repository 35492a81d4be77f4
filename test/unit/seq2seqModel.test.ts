import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configureRuntime } from '../../src/inference/runtime';
import { Seq2SeqModel } from '../../src/inference/seq2seqModel';
import { isScopeError } from '../../src/protocol/errors';
import type { GeneratedToken } from '../../src/protocol/language';
import { decodeFloats } from '../fixtures/graphCases';

/** The bundled translator through the engine, against PyTorch's figures for the same weights. */

interface GoldenCase {
  readonly text: string;
  readonly sourceIds: readonly number[];
  readonly targetIds: readonly number[];
  readonly translation: string;
  readonly crossAttentions: { readonly dims: readonly number[]; readonly data: string };
}

const root = join(__dirname, '..', '..');
const folder = join(root, 'models', 'scope-seq2seq');
const goldens = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scopeSeq2seq', 'golden.json'), 'utf8'),
) as GoldenCase[];

describe('an encoder-decoder', function () {
  this.timeout(60_000);
  const models: Seq2SeqModel[] = [];
  const load = async (precision: 'fp32' | 'int8'): Promise<Seq2SeqModel> => {
    await configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
    const model = await Seq2SeqModel.load(folder, precision);
    models.push(model);
    return model;
  };
  after(() => Promise.all(models.map((model) => model.release())));

  it('translates as PyTorch does, streamed', async () => {
    const model = await load('fp32');
    assert.ok(goldens.length >= 2);
    for (const { text, targetIds, translation } of goldens) {
      const streamed: GeneratedToken[] = [];
      const {
        tokens,
        text: written,
        finish,
      } = await model.translate(text, {}, (token) => streamed.push(token));
      // The golden begins with the start token, which the decoder is given.
      assert.deepEqual(
        tokens.map((token) => token.id),
        targetIds.slice(1),
        text,
      );
      assert.equal(written, translation);
      assert.equal(finish, 'end');
      assert.deepEqual(streamed, tokens);
    }
  });

  it('attends in three stacks, cross attention equal to PyTorch', async () => {
    const [model] = models as [Seq2SeqModel];
    for (const { text, sourceIds, targetIds, crossAttentions } of goldens) {
      const { encoder, decoder, cross, source, target, generated } = await model.attend(text);
      assert.equal(generated, true);
      assert.deepEqual(
        source.map((token) => token.id),
        sourceIds,
      );
      assert.deepEqual(
        target.map((token) => token.id),
        targetIds.slice(0, -1),
      );
      const wanted = decodeFloats(crossAttentions.data);
      const found = cross.flatMap((layer) => [...layer.data]);
      assert.equal(found.length, wanted.length);
      found.forEach((weight, index) => assert.ok(Math.abs(weight - wanted[index]!) <= 1e-5));
      for (const [stack, queries, keys] of [
        [encoder, source.length, source.length],
        [decoder, target.length, target.length],
        [cross, target.length, source.length],
      ] as const) {
        assert.ok(stack.length > 0);
        for (const layer of stack) {
          assert.deepEqual([layer.numQueries, layer.numKeys], [queries, keys]);
          for (let row = 0; row < layer.numHeads * queries; row++) {
            const sum = layer.data.subarray(row * keys, (row + 1) * keys).reduce((a, b) => a + b, 0);
            assert.ok(Math.abs(sum - 1) < 1e-4);
          }
        }
      }
      // A decoder never looks ahead.
      decoder.forEach(({ data, numHeads }) => {
        for (let head = 0; head < numHeads; head++) {
          for (let query = 0; query < target.length; query++) {
            for (let key = query + 1; key < target.length; key++) {
              assert.equal(data[(head * target.length + query) * target.length + key], 0);
            }
          }
        }
      });
    }
  });

  it('attends to a target that is given, with its places in the text', async () => {
    const [model] = models as [Seq2SeqModel];
    const { text, translation } = goldens[0]!;
    const { target, generated } = await model.attend(text, translation);
    assert.equal(generated, false);
    const written = await model.attend(text);
    assert.deepEqual(target, written.target);
    target
      .filter((token) => token.end > token.start)
      .forEach((token) => assert.equal(translation.slice(token.start, token.end), token.text));
  });

  it('stops within a token and refuses a text of nothing', async () => {
    const [model] = models as [Seq2SeqModel];
    let seen = 0;
    const cancellation = {
      get isCancellationRequested(): boolean {
        return seen >= 2;
      },
    };
    const { finish, tokens } = await model.translate(goldens[0]!.text, {}, () => seen++, cancellation);
    assert.equal(finish, 'cancelled');
    assert.equal(tokens.length, 2);
    await assert.rejects(model.translate('  '), (error) => isScopeError(error, 'emptyText'));
  });

  it('also from quantised, merged graphs: the same translations but for a word', async () => {
    const model = await load('int8');
    let same = 0;
    for (const { text, translation } of goldens) {
      same += Number((await model.translate(text)).text === translation);
    }
    assert.ok(same >= goldens.length - 1, `${same} of ${goldens.length}`);
  });
});
