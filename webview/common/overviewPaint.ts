import type { Thumbnails } from '../../src/protocol/attention';
import type { Ramp } from './ramp';
import { colorize, resample } from './raster';

export interface OverviewImage {
  readonly data: ImageData;
  /** The strongest weight of each head, 255 = weight 1. */
  readonly strongest: Uint8Array;
}

/** What an overview is painted from. */
export interface OverviewScene {
  readonly thumbnails: Thumbnails;
  readonly columns: number;
  /** Head numbers, place by place. */
  readonly order: readonly number[];
  readonly ramp: Ramp;
  /** Device pixels of a head, and from one head to the next. */
  readonly pixels: number;
  readonly pitch: number;
}

let last: { scene: OverviewScene; image: OverviewImage } | null = null;

/**
 * Paints every head into one image of device pixels. Each head is scaled to its own strongest weight: at one
 * common scale most heads of a long text would be black.
 */
export function paintOverview(scene: OverviewScene): OverviewImage {
  if (last && isSame(last.scene, scene)) {
    return last.image;
  }
  const { thumbnails, columns, order, ramp, pixels, pitch } = scene;
  const { size } = thumbnails;
  const source = new Uint8Array(thumbnails.data);
  const data = new ImageData(pitch * columns, pitch * Math.ceil(order.length / columns));
  const target = new Uint32Array(data.data.buffer);
  const strongest = new Uint8Array(order.length);
  const values = new Float32Array(pixels * pixels);
  const from = { rows: size, columns: size };
  const to = { rows: pixels, columns: pixels };
  order.forEach((index, place) => {
    resample(source, index * size * size, from, to, values);
    let max = 0;
    for (const value of values) {
      max = Math.max(max, value);
    }
    strongest[index] = max;
    const origin = Math.floor(place / columns) * pitch * data.width + (place % columns) * pitch;
    colorize(values, to, max, ramp.pixels, target, origin, data.width);
  });
  const image = { data, strongest };
  last = { scene, image };
  return image;
}

function isSame(a: OverviewScene, b: OverviewScene): boolean {
  return (
    a.thumbnails === b.thumbnails &&
    a.ramp === b.ramp &&
    a.columns === b.columns &&
    a.pixels === b.pixels &&
    a.pitch === b.pitch &&
    a.order.every((index, place) => index === b.order[place])
  );
}
