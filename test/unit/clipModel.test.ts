import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClipModel } from '../../src/inference/clipModel';
import { retrieve } from '../../src/attention/vectorSearch';
import { isScopeError } from '../../src/protocol/errors';
import {
  floats,
  imageFile,
  largestDifference,
  useWasm,
  visionFolder,
  visionJson,
} from '../fixtures/vision/models';

interface Attention {
  readonly dims: readonly number[];
  readonly values: string;
}

interface Expected {
  readonly images: readonly string[];
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[])[];
  readonly imageEmbeds: readonly (readonly number[])[];
  readonly textEmbeds: readonly (readonly number[])[];
  readonly cosines: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
  readonly probabilities: readonly (readonly number[])[];
  readonly logitScale: number;
  readonly initialScale: number;
  readonly textAttention: Attention & { readonly text: string };
  readonly imageAttention: Attention;
  readonly ranking: {
    readonly scores: readonly (readonly number[])[];
    readonly relevant: readonly (readonly number[])[];
    readonly recall: Readonly<Record<string, number>>;
    readonly hits: Readonly<Record<string, number>>;
  };
}

const expected = visionJson<Expected>('clip');
const images = expected.images.map(imageFile);
const close = (actual: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): number =>
  largestDifference(actual.flat(), wanted.flat());

/** Against transformers' CLIPModel, its image processor and the tokenizers library, from bytes on. */
for (const folder of ['clipTowers', 'clipWhole']) {
  describe(`CLIP in ${folder === 'clipWhole' ? 'one graph' : 'two graphs'}`, function () {
    this.timeout(30_000);
    let model: ClipModel;
    before(async () => {
      await useWasm();
      model = await ClipModel.load(join(visionFolder, folder));
    });
    after(() => model.release());

    it('embeds pictures and texts', async () => {
      for (const [index, image] of images.entries()) {
        assert.ok(largestDifference(await model.embedImage(image), expected.imageEmbeds[index]!) <= 1e-5);
      }
      for (const [index, text] of expected.texts.entries()) {
        assert.ok(largestDifference(await model.embedText(text), expected.textEmbeds[index]!) <= 1e-5, text);
      }
    });

    it('matches pictures with texts', async () => {
      const match = await model.matchImageText(images, expected.texts, { logitScale: expected.logitScale });
      assert.ok(close(match.cosines, expected.cosines) <= 1e-5);
      assert.ok(close(match.logits, expected.logits) <= 1e-4);
      assert.ok(close(match.probabilities, expected.probabilities) <= 1e-4);
      assert.equal(match.scale.source, 'stated');
    });

    it('says where the scale comes from', async () => {
      const { scale, probabilities } = await model.matchImageText(images, expected.texts);
      const trained = folder === 'clipWhole';
      assert.equal(scale.source, trained ? 'graph' : 'config');
      const value = trained ? expected.logitScale : expected.initialScale;
      assert.ok(Math.abs(scale.value - value) <= value * 1e-5, `${scale.value} ${value}`);
      if (trained) {
        assert.ok(close(probabilities, expected.probabilities) <= 1e-4);
      }
    });

    it('labels a picture without training', async () => {
      const texts = expected.texts.slice(0, 3);
      const { labels } = await model.zeroShot(images[0]!, texts, {
        template: '{}',
        logitScale: expected.logitScale,
      });
      const logits = expected.logits[0]!.slice(0, 3).map(Math.exp);
      const total = logits.reduce((sum, value) => sum + value, 0);
      for (const { label, probability } of labels) {
        assert.ok(Math.abs(probability - logits[texts.indexOf(label)]! / total) <= 1e-4);
      }
      await assert.rejects(model.zeroShot(images[0]!, texts, { template: 'no place' }), (error) =>
        isScopeError(error, 'badRequest'),
      );
    });

    it('finds pictures by text and texts by picture', async () => {
      const best = (scores: readonly number[]): number[] =>
        scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
      const found = await model.retrieveImages(expected.texts[0]!, images, 2);
      assert.deepEqual(
        found.map(({ index }) => index),
        best(expected.cosines.map((row) => row[0]!)).slice(0, 2),
      );
      const texts = await model.retrieveTexts(images[1]!, expected.texts, 4);
      assert.deepEqual(
        texts.map(({ index }) => index),
        best(expected.cosines[1]!),
      );
    });

    it('attends in both towers', async () => {
      const image = await model.attendImage(images[0]!);
      const text = await model.attendText(expected.textAttention.text);
      for (const [layers, wanted] of [
        [image.layers, expected.imageAttention],
        [text.layers, expected.textAttention],
      ] as const) {
        assert.equal(layers.length, wanted.dims[0]);
        const all = layers.flatMap((layer) => [...layer.data]);
        assert.ok(largestDifference(all, floats(wanted.values)) <= 1e-5);
      }
      assert.deepEqual([image.grid.rows, image.grid.columns, image.grid.numSpecial], [3, 3, 1]);
      assert.deepEqual(
        text.tokens.map(({ id }) => id),
        expected.ids[1],
      );
      // 64 × 48 became 32 × 24, of which the middle 24 × 24 are seen.
      assert.deepEqual(image.grid.seen, { x: 8, y: 0, width: 48, height: 48 });
      assert.deepEqual(image.grid.patches[5], { x: 40, y: 16, width: 16, height: 16 });
    });

    it('cuts texts as the tokenizer does', async () => {
      assert.equal(model.maxTokens, 20);
      assert.deepEqual(
        (await model.attendText(expected.texts[3]!)).tokens.map(({ id }) => id),
        expected.ids[3],
      );
    });

    it('stops when cancelled', async () => {
      await assert.rejects(
        model.matchImageText(images, expected.texts, { cancellation: { isCancellationRequested: true } }),
        (error) => isScopeError(error, 'cancelled'),
      );
    });
  });
}

describe('other ways to lay out CLIP', () => {
  const made: string[] = [];
  const folder = async (text: string, extra: Readonly<Record<string, string>>): Promise<string> => {
    const target = await mkdtemp(join(tmpdir(), 'clip-'));
    made.push(target);
    await cp(join(visionFolder, 'clipTowers'), target, { recursive: true });
    for (const [name, from] of Object.entries({ 'onnx/text_model.onnx': text, ...extra })) {
      await cp(join(visionFolder, from), join(target, name));
    }
    return target;
  };
  before(useWasm);
  after(() => Promise.all(made.map((each) => rm(each, { recursive: true, force: true }))));

  it('takes the scale from a whole graph that lies beside the towers', async () => {
    const model = await ClipModel.load(
      await folder('clipTowers/onnx/text_model.onnx', { 'onnx/model.onnx': 'clipWhole/onnx/model.onnx' }),
    );
    const { scale } = await model.matchImageText(images, expected.texts);
    assert.equal(scale.source, 'graph');
    assert.ok(Math.abs(scale.value - expected.logitScale) <= expected.logitScale * 1e-5);
    await model.release();
  });

  it('pads texts for a graph of a fixed length', async () => {
    const model = await ClipModel.load(await folder('clipFixed/text_model.onnx', {}));
    for (const [index, text] of expected.texts.entries()) {
      assert.ok(largestDifference(await model.embedText(text), expected.textEmbeds[index]!) <= 1e-5, text);
    }
    assert.equal((await model.attendText('cat')).tokens.length, 20);
    await model.release();
  });
});

describe('a retrieval', () => {
  it('keeps the order of equals', () => {
    const one = Float32Array.of(1, 0);
    assert.deepEqual(retrieve(one, [Float32Array.of(0, 1), one, one], 2), [
      { index: 1, cosine: 1 },
      { index: 2, cosine: 1 },
    ]);
  });
});
