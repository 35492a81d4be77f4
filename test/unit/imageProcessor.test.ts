import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { decodeImage } from '../../src/inference/imageDecode';
import { parseImageProcessor, preprocess } from '../../src/inference/imageProcessor';
import { resizeImage } from '../../src/inference/imageResize';
import { isScopeError } from '../../src/protocol/errors';
import { floats, imageFile, largestDifference, visionJson } from '../fixtures/vision/models';

interface Resized {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly resample: number;
  readonly sha256: string;
}

interface Preprocessed {
  readonly config: Record<string, unknown>;
  readonly image: string;
  readonly dims: readonly number[];
  readonly values: string;
}

describe('preparing pictures', () => {
  it('resizes to the very bytes that Pillow makes, up and down, with all its filters', () => {
    const cases = visionJson<Resized[]>('resizing');
    assert.equal(cases.length, 144);
    for (const { image, width, height, resample, sha256 } of cases) {
      const resized = resizeImage(decodeImage(imageFile(image)), width, height, resample);
      const digest = createHash('sha256').update(resized.data).digest('hex');
      assert.equal(digest, sha256, `${image} to ${width} × ${height}, filter ${resample}`);
    }
  });

  for (const { config, image, dims, values } of visionJson<Preprocessed[]>('preprocessing')) {
    it(`makes the pixel values of ${String(config['image_processor_type'])} ${dims.join('×')} from ${image}`, () => {
      const made = preprocess(decodeImage(imageFile(image)), parseImageProcessor(config));
      assert.deepEqual([1, 3, made.height, made.width], dims);
      assert.ok(largestDifference(made.data, floats(values)) <= 1e-6);
    });
  }

  it('reads configurations of older releases', () => {
    const clip = parseImageProcessor({
      feature_extractor_type: 'CLIPFeatureExtractor',
      size: 224,
      crop_size: 224,
      resample: 3,
    });
    assert.deepEqual(clip.resize?.size, { shortestEdge: 224 });
    assert.deepEqual(clip.crop, { width: 224, height: 224 });
    const vit = parseImageProcessor({ feature_extractor_type: 'ViTFeatureExtractor', size: 384 });
    assert.deepEqual(vit.resize?.size, { width: 384, height: 384 });
    assert.equal(vit.crop, undefined);
  });

  it('refuses a procedure that it does not know', () => {
    for (const config of [
      { crop_pct: 0.875 },
      { do_pad: true },
      { size: { max_height: 3 } },
      { resample: 9 },
    ]) {
      assert.throws(
        () => parseImageProcessor(config),
        (error) => isScopeError(error, 'modelUnsupported'),
      );
    }
  });
});
