import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClipModel } from '../../src/inference/clipModel';
import type { ImageFile } from '../../src/inference/imageRgb';
import { graphNames } from '../../src/protocol/graphNames';
import { floats, largestDifference, useWasm } from '../fixtures/vision/models';

interface Encoded {
  readonly dims: readonly number[];
  readonly data: string;
}

interface Golden {
  readonly pictures: readonly string[];
  readonly unseen: readonly boolean[];
  readonly labels: readonly string[];
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[])[];
  readonly logitScale: number;
  readonly imageEmbeds: Encoded;
  readonly textEmbeds: Encoded;
  readonly probabilities: Encoded;
  readonly attentionRows: readonly number[];
  readonly imageAttention: Encoded;
  readonly textAttention: Encoded;
}

const root = join(__dirname, '..', '..');
const folder = join(root, 'models', 'scope-clip');
const golden = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scopeClip', 'golden.json'), 'utf8'),
) as Golden;
const pictures: ImageFile[] = golden.pictures.map((name) => ({
  name,
  bytes: readFileSync(join(root, 'media', 'sample', 'images', name)),
}));
const count = pictures.length;
const [english, chinese] = [golden.labels.slice(0, count), golden.labels.slice(count)];
const row = ({ dims, data }: Encoded, index: number): Float32Array => {
  const width = dims.at(-1)!;
  return floats(data).subarray(index * width, (index + 1) * width);
};

/** The bundled CLIP on the sample pictures, run by our engine from the file on, against PyTorch and transformers. */
describe('scope-clip', function () {
  this.timeout(60_000);
  let model: ClipModel;
  before(async () => {
    await useWasm();
    model = await ClipModel.load(folder, graphNames('fp32'));
  });
  after(() => model.release());

  it('tokenizes and embeds as PyTorch does', async () => {
    for (const [index, text] of golden.texts.entries()) {
      const { tokens } = await model.attendText(text);
      assert.deepEqual(
        tokens.map(({ id }) => id),
        golden.ids[index],
        text,
      );
      assert.ok(largestDifference(await model.embedText(text), row(golden.textEmbeds, index)) <= 1e-4, text);
    }
    for (const [index, picture] of pictures.entries()) {
      const found = await model.embedImage(picture);
      assert.ok(largestDifference(found, row(golden.imageEmbeds, index)) <= 1e-4, picture.name);
    }
  });

  it('gives PyTorch’s probabilities to 1e-3, at the scale that was trained', async () => {
    for (const [side, texts] of [golden.texts.slice(0, count), golden.texts.slice(count)].entries()) {
      const match = await model.matchImageText(pictures, texts);
      assert.equal(match.scale.source, 'graph');
      assert.ok(Math.abs(match.scale.value - golden.logitScale) <= 1e-3 * golden.logitScale);
      for (const [index, found] of match.probabilities.entries()) {
        assert.ok(
          largestDifference(found, row(golden.probabilities, 2 * index + side)) <= 1e-3,
          golden.pictures[index],
        );
      }
    }
  });

  it('attends as PyTorch does, in both towers', async () => {
    const { layers, grid } = await model.attendImage(pictures[0]!);
    assert.deepEqual([grid.rows, grid.columns, grid.numSpecial], [8, 8, 1]);
    const rows = layers.flatMap(({ numHeads, numTokens, data }) =>
      Array.from({ length: numHeads }, (_, head) =>
        golden.attentionRows.map((query) => {
          const start = (head * numTokens + query) * numTokens;
          return [...data.subarray(start, start + numTokens)];
        }),
      ),
    );
    assert.equal(layers.length, golden.imageAttention.dims[0]);
    assert.ok(largestDifference(rows.flat(2), floats(golden.imageAttention.data)) <= 1e-4);
    const text = await model.attendText(golden.texts[0]!);
    assert.equal(text.layers.length, golden.textAttention.dims[0]);
    const all = text.layers.flatMap((layer) => [...layer.data]);
    assert.ok(largestDifference(all, floats(golden.textAttention.data)) <= 1e-4);
  });

  it('classifies the sample pictures, half of them of combinations that it never saw', async () => {
    assert.equal(golden.unseen.filter(Boolean).length, 4);
    const template = '这是一张{}的照片。';
    for (const [index, picture] of pictures.entries()) {
      const first = await model.zeroShot(picture, english);
      assert.equal(first.labels[0]?.label, english[index]);
      const second = await model.zeroShot(picture, chinese, { template });
      assert.equal(second.labels[0]?.label, chinese[index]);
    }
  });

  it('does so with int8 weights, too, and the attention is found there', async () => {
    const small = await ClipModel.load(folder, graphNames('int8'));
    for (const [index, picture] of pictures.entries()) {
      const { labels } = await small.zeroShot(picture, english);
      assert.equal(labels[0]?.label, english[index]);
    }
    const { layers } = await small.attendImage(pictures[0]!);
    const text = await small.attendText(golden.texts[0]!);
    assert.deepEqual(
      [layers.length, text.layers.length],
      [golden.imageAttention.dims[0], golden.textAttention.dims[0]],
    );
    await small.release();
  });
});
