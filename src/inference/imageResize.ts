import type { RgbImage } from './imageRgb';

/** `PIL.Image.Resampling`, as `preprocessor_config.json` writes it. */
export const Resampling = { nearest: 0, lanczos: 1, bilinear: 2, bicubic: 3, box: 4, hamming: 5 } as const;

interface Filter {
  readonly support: number;
  weight(x: number): number;
}

/** The filters of Pillow's `Resample.c`; bicubic has a = -0.5 (Keys 1981), Lanczos three lobes. */
const filters: ReadonlyMap<number, Filter> = new Map([
  [Resampling.box, { support: 0.5, weight: (x: number) => (x > -0.5 && x <= 0.5 ? 1 : 0) }],
  [Resampling.bilinear, { support: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) }],
  [Resampling.hamming, { support: 1, weight: hamming }],
  [Resampling.bicubic, { support: 2, weight: bicubic }],
  [Resampling.lanczos, { support: 3, weight: (x: number) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) }],
] as [number, Filter][]);

export function isResampling(value: number): boolean {
  return value === Resampling.nearest || filters.has(value);
}

/**
 * Resizes as Pillow's `Image.resize` does, to the byte: a filter as wide as the reduction, first along
 * rows, then along columns, 22-bit fixed-point weights and 8 bits in between.
 */
export function resizeImage(image: RgbImage, width: number, height: number, resample: number): RgbImage {
  const filter = filters.get(resample);
  if (!filter) {
    return resizeNearest(image, width, height);
  }
  const narrowed = width === image.width ? image : resizeRows(image, width, filter);
  return height === image.height ? narrowed : resizeColumns(narrowed, height, filter);
}

function resizeRows(image: RgbImage, width: number, filter: Filter): RgbImage {
  const { starts, weights, size } = fixedWeights(image.width, width, filter);
  const { height } = image;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, target = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = (y * image.width + starts[x]!) * 3;
      for (let channel = 0; channel < 3; channel++) {
        data[target++] = weigh(image.data, source + channel, 3, weights, x * size, size);
      }
    }
  }
  return { width, height, data };
}

function resizeColumns(image: RgbImage, height: number, filter: Filter): RgbImage {
  const { starts, weights, size } = fixedWeights(image.height, height, filter);
  const row = image.width * 3;
  const data = new Uint8Array(row * height);
  for (let y = 0, target = 0; y < height; y++) {
    for (let cell = 0; cell < row; cell++) {
      data[target++] = weigh(image.data, starts[y]! * row + cell, row, weights, y * size, size);
    }
  }
  return { width: image.width, height, data };
}

const precisionBits = 22;
const half = 2 ** (precisionBits - 1);

function weigh(
  data: Uint8Array,
  from: number,
  step: number,
  weights: Int32Array,
  first: number,
  size: number,
): number {
  let sum = half;
  for (let tap = 0; tap < size; tap++) {
    // Beyond the picture the weights are 0 and so is what is read.
    const weight = weights[first + tap]!;
    if (weight !== 0) {
      sum += data[from + tap * step]! * weight;
    }
  }
  const value = Math.floor(sum / 2 ** precisionBits);
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

interface FixedWeights {
  /** The first source pixel of each target pixel. */
  readonly starts: Int32Array;
  /** `[target, size]` */
  readonly weights: Int32Array;
  readonly size: number;
}

function fixedWeights(from: number, to: number, filter: Filter): FixedWeights {
  const scale = from / to;
  const filterScale = Math.max(1, scale);
  const support = filter.support * filterScale;
  const size = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(to);
  const weights = new Int32Array(to * size);
  const exact = new Float64Array(size);
  const inverse = 1 / filterScale;
  for (let target = 0; target < to; target++) {
    const center = (target + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(from, Math.trunc(center + support + 0.5)) - start;
    let total = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = filter.weight((tap + start - center + 0.5) * inverse);
      exact[tap] = weight;
      total += weight;
    }
    starts[target] = start;
    for (let tap = 0; tap < count; tap++) {
      const scaled = (total === 0 ? exact[tap]! : exact[tap]! / total) * 2 ** precisionBits;
      weights[target * size + tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
  return { starts, weights, size };
}

function resizeNearest(image: RgbImage, width: number, height: number): RgbImage {
  const columns = nearestSources(image.width, width);
  const rows = nearestSources(image.height, height);
  const data = new Uint8Array(width * height * 3);
  let target = 0;
  for (const y of rows) {
    for (const x of columns) {
      const source = (y * image.width + x) * 3;
      data[target++] = image.data[source]!;
      data[target++] = image.data[source + 1]!;
      data[target++] = image.data[source + 2]!;
    }
  }
  return { width, height, data };
}

/** Steps added one by one, as Pillow does: their rounding errors decide at the borders. */
function nearestSources(from: number, to: number): Int32Array {
  const step = from / to;
  const sources = new Int32Array(to);
  let position = step * 0.5;
  for (let target = 0; target < to; target++) {
    sources[target] = Math.min(from - 1, Math.trunc(position));
    position += step;
  }
  return sources;
}

function bicubic(at: number): number {
  const x = Math.abs(at);
  const a = -0.5;
  if (x < 1) {
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  }
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

function hamming(at: number): number {
  const x = Math.abs(at) * Math.PI;
  if (x === 0) {
    return 1;
  }
  return x >= Math.PI ? 0 : (Math.sin(x) / x) * (0.54 + 0.46 * Math.cos(x));
}
