import assert from 'node:assert/strict';
import { join } from 'node:path';
import { toFloat16 } from '../../src/inference/imageFeeds';
import { VisionModel } from '../../src/inference/visionModel';
import { isScopeError } from '../../src/protocol/errors';
import {
  floats,
  imageFile,
  largestDifference,
  useWasm,
  visionFolder,
  visionJson,
} from '../fixtures/vision/models';

interface Expected {
  readonly image: string;
  readonly probabilities: readonly number[];
  readonly attention: { readonly dims: readonly number[]; readonly values: string };
}

/** Against Pillow, transformers' image processor and PyTorch, from the file's bytes on. */
describe('an image classifier', function () {
  this.timeout(30_000);
  const expected = visionJson<Expected>('vit/expected');
  let model: VisionModel;
  before(async () => {
    await useWasm();
    model = await VisionModel.load(join(visionFolder, 'vit'));
  });
  after(() => model.release());

  it('gives every label its probability', async () => {
    const labels = await model.classify(await model.prepare(imageFile(expected.image)));
    const names = ['cat', 'dog', 'river'];
    const found = names.map((name) => labels.find((each) => each.label === name)?.probability ?? NaN);
    assert.ok(largestDifference(found, expected.probabilities) <= 1e-5);
    assert.equal(
      labels[0]?.label,
      names[expected.probabilities.indexOf(Math.max(...expected.probabilities))],
    );
  });

  it('attends as in PyTorch', async () => {
    const { layers, grid } = await model.attend(await model.prepare(imageFile(expected.image)));
    const [numLayers, numHeads, numTokens] = expected.attention.dims;
    assert.equal(layers.length, numLayers);
    const all = layers.flatMap((layer) => [...layer.data]);
    assert.deepEqual([layers[0]?.numHeads, layers[0]?.numTokens], [numHeads, numTokens]);
    assert.ok(largestDifference(all, floats(expected.attention.values)) <= 1e-5);
    assert.deepEqual([grid.rows, grid.columns, grid.numSpecial, grid.hasClassToken], [2, 3, 1, true]);
  });

  it('says where in the picture each patch lies', async () => {
    // 64 × 48 pixels became 24 × 16: a patch of 8 × 8 is 64/3 × 24 of the picture.
    const { grid } = await model.attend(await model.prepare(imageFile('scene.png')));
    const patch = grid.patches[5];
    const found = [patch?.x, patch?.y, patch?.width, patch?.height].map((each) => each ?? NaN);
    assert.ok(largestDifference(found, [128 / 3, 24, 64 / 3, 24]) < 1e-9);
    assert.deepEqual(grid.seen, { x: 0, y: 0, width: 64, height: 48 });
  });

  it('says that a model of texts is none of pictures', async () => {
    await assert.rejects(VisionModel.load(join(visionFolder, 'clipWhole')), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
  });

  it('rounds to half precision as IEEE 754 does', () => {
    const cases = [
      0,
      -0,
      1,
      -2,
      65504,
      65520,
      1e9,
      2 ** -24,
      2 ** -25,
      2 ** -14,
      0.1,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      -2.1179,
    ];
    const bits = [
      0, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0x7c00, 1, 0, 0x0400, 0x2e66, 0x3c00, 0x3c02, 0xc03c,
    ];
    assert.deepEqual(cases.map(toFloat16), bits);
  });
});
