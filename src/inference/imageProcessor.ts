import { ScopeError } from '../protocol/errors';
import type { RgbImage } from './imageRgb';
import { Resampling, isResampling, resizeImage } from './imageResize';
import { type Size, type SizeRule, cropRule, resizedSize, sizeRule } from './imageSize';
import { type JsonObject, readJson } from './modelFolder';

/** How a model wants its pictures: `preprocessor_config.json`. */
export interface ImageProcessor {
  readonly resize: { readonly size: SizeRule; readonly resample: number } | undefined;
  readonly crop: Size | undefined;
  /** What 0 to 255 become: `[3, 256]`. */
  readonly levels: Float32Array;
}

/** A picture as a model reads it, and where in the picture it lies. */
export interface PixelValues {
  /** `[3, height, width]` */
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly placement: Placement;
}

/** Pixel (x, y) of the model's input is ((x + left) * scaleX, (y + top) * scaleY) of the upright picture. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scaleX: number;
  readonly scaleY: number;
  /** Of the upright picture. */
  readonly width: number;
  readonly height: number;
}

const clip = {
  resample: Resampling.bicubic,
  do_center_crop: true,
  size: { shortest_edge: 224 },
  crop_size: 224,
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};
const imageNet = {
  resample: Resampling.bilinear,
  size: { height: 224, width: 224 },
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

/**
 * Reads `preprocessor_config.json`, or the `image_processor` of `processor_config.json`.
 * @throws {ScopeError} `modelMissing`, or `modelUnsupported` for a procedure that is not ours.
 */
export async function readImageProcessor(folder: string): Promise<ImageProcessor> {
  const nested = (await readJson(folder, 'processor_config.json').catch((): JsonObject => ({})))[
    'image_processor'
  ];
  const config =
    typeof nested === 'object' && nested !== null
      ? (nested as JsonObject)
      : await readJson(folder, 'preprocessor_config.json');
  return parseImageProcessor(config);
}

/** Settings that are absent have the values that transformers' processor of that name gives them. */
export function parseImageProcessor(stated: JsonObject): ImageProcessor {
  const type = String(stated['image_processor_type'] ?? stated['feature_extractor_type'] ?? '');
  const isClip = /^(Chinese)?CLIP/.test(type);
  const config: JsonObject = { ...(isClip ? clip : imageNet), ...stated };
  const foreign = ['crop_pct', 'do_pad', 'do_flip_channel_order', 'offset', 'do_image_splitting'].find(
    (name) => config[name] !== undefined && config[name] !== null && config[name] !== false,
  );
  if (foreign !== undefined) {
    throw unsupported(`“${foreign}”`);
  }
  const resample = config['resample'];
  if (typeof resample !== 'number' || !isResampling(resample)) {
    throw unsupported(`“resample” ${String(resample)}`);
  }
  return {
    resize: config['do_resize'] === false ? undefined : { size: sizeRule(config['size'], !isClip), resample },
    crop: config['do_center_crop'] === true ? cropRule(config['crop_size'] ?? config['size']) : undefined,
    levels: levelsOf(config),
  };
}

/** Resizes, crops and scales a picture as transformers' image processors (Pillow backend) do. */
export function preprocess(image: RgbImage, { resize, crop, levels }: ImageProcessor): PixelValues {
  const target = resize ? resizedSize(image, resize.size) : image;
  const resized = resize ? resizeImage(image, target.width, target.height, resize.resample) : image;
  const { width, height } = crop ?? resized;
  const left = Math.floor((resized.width - width) / 2);
  const top = Math.floor((resized.height - height) / 2);
  const data = new Float32Array(3 * width * height);
  let cell = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        // Around a picture that is smaller than the crop there is black.
        const inside = x >= 0 && y >= 0 && x < resized.width && y < resized.height;
        const level = inside ? resized.data[(y * resized.width + x) * 3 + channel]! : 0;
        data[cell++] = levels[channel * 256 + level]!;
      }
    }
  }
  const placement = {
    left,
    top,
    scaleX: image.width / resized.width,
    scaleY: image.height / resized.height,
    width: image.width,
    height: image.height,
  };
  return { data, width, height, placement };
}

/** In the steps and the precision of NumPy: float64 product, then float32 difference and quotient. */
function levelsOf(config: JsonObject): Float32Array {
  const factor = config['do_rescale'] === false ? 1 : (config['rescale_factor'] ?? 1 / 255);
  const normalize = config['do_normalize'] !== false;
  const mean = normalize ? channels(config['image_mean']) : [0, 0, 0];
  const std = normalize ? channels(config['image_std']) : [1, 1, 1];
  if (typeof factor !== 'number' || !mean || !std) {
    throw unsupported('“rescale_factor”, “image_mean” or “image_std”');
  }
  const levels = new Float32Array(3 * 256);
  for (let index = 0; index < levels.length; index++) {
    const channel = index >> 8;
    const difference = Math.fround(Math.fround((index & 255) * factor) - Math.fround(mean[channel]!));
    levels[index] = difference / Math.fround(std[channel]!);
  }
  return levels;
}

function channels(value: unknown): number[] | undefined {
  const list = typeof value === 'number' ? [value, value, value] : value;
  return Array.isArray(list) && list.length === 3 && list.every((each) => typeof each === 'number')
    ? list
    : undefined;
}

function unsupported(what: string): ScopeError {
  return new ScopeError('modelUnsupported', `preprocessor_config.json: ${what} is not supported`);
}
