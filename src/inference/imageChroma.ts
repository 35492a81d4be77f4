import type { RgbImage } from './imageRgb';

/**
 * Turns YCbCr pixels into RGB in place, as libjpeg(-turbo) does: colour that is stored at half the
 * width, or half of both, is enlarged with a triangle filter ("fancy upsampling"), all in integers.
 * @param pixels with every stored colour sample repeated over the pixels that it belongs to
 * @param stepX,stepY how many pixels one colour sample belongs to, across and down
 */
export function toRgb(pixels: RgbImage, stepX: number, stepY: number): void {
  const { width, height, data } = pixels;
  const fancy = stepX === 2 && stepY <= 2 && Math.ceil(width / 2) > 2;
  if (!fancy) {
    for (let at = 0; at < data.length; at += 3) {
      convert(data, at, data[at + 1]!, data[at + 2]!);
    }
    return;
  }
  const blue = new Plane(pixels, 1, stepY);
  const red = new Plane(pixels, 2, stepY);
  for (let y = 0, at = 0; y < height; y++) {
    blue.enterRow(y);
    red.enterRow(y);
    for (let x = 0; x < width; x++, at += 3) {
      convert(data, at, blue.at(x), red.at(x));
    }
  }
}

/** One stored colour plane, read at full size. */
class Plane {
  private readonly width: number;
  private readonly height: number;
  private readonly samples: Uint8Array;
  /** The current row at full height: 4 parts in 4 where both edges are halved, else 1 in 1. */
  private readonly row: Int32Array;

  constructor(
    pixels: RgbImage,
    channel: number,
    private readonly stepY: number,
  ) {
    this.width = Math.ceil(pixels.width / 2);
    this.height = Math.ceil(pixels.height / stepY);
    this.samples = new Uint8Array(this.width * this.height);
    this.row = new Int32Array(this.width);
    for (let y = 0, target = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        this.samples[target++] = pixels.data[(y * stepY * pixels.width + x * 2) * 3 + channel]!;
      }
    }
  }

  enterRow(y: number): void {
    const near = Math.floor(y / this.stepY);
    const other = Math.min(Math.max(near + (y % 2 === 0 ? -1 : 1), 0), this.height - 1);
    for (let x = 0; x < this.width; x++) {
      const sample = this.samples[near * this.width + x]!;
      this.row[x] = this.stepY === 1 ? sample : sample * 3 + this.samples[other * this.width + x]!;
    }
  }

  at(x: number): number {
    const near = x >> 1;
    const left = (x & 1) === 0;
    // At the edge the sample itself stands for its missing neighbour.
    const other = left ? Math.max(near - 1, 0) : Math.min(near + 1, this.width - 1);
    const sum = this.row[near]! * 3 + this.row[other]!;
    return this.stepY === 1 ? (sum + (left ? 1 : 2)) >> 2 : (sum + (left ? 8 : 7)) >> 4;
  }
}

/** Rec. 601 at full range with 16-bit fractions, as in libjpeg's `jdcolor.c`. */
function convert(data: Uint8Array, at: number, blue: number, red: number): void {
  const y = data[at]!;
  const cb = blue - 128;
  const cr = red - 128;
  data[at] = clamp(y + ((91881 * cr + 32768) >> 16));
  data[at + 1] = clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
  data[at + 2] = clamp(y + ((116130 * cb + 32768) >> 16));
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
