import type { AttentionView } from '../../src/protocol/attentionPage';
import type { Ramp } from '../common/ramp';
import { colorize, resample } from '../common/raster';

export interface OverviewImage {
  readonly data: ImageData;
  /** The strongest weight of each head, 255 = weight 1. */
  readonly strongest: Uint8Array;
}

let last: { key: string; view: AttentionView; ramp: Ramp; image: OverviewImage } | null = null;

/**
 * Paints every head into one image of device pixels, `pixels` wide each and `pitch` apart. Each head is
 * scaled to its own strongest weight: at one common scale most heads of a long text would be black.
 */
export function paintOverview(view: AttentionView, ramp: Ramp, pixels: number, pitch: number): OverviewImage {
  const key = `${pixels}/${pitch}`;
  if (last?.key === key && last.view === view && last.ramp === ramp) {
    return last.image;
  }
  const { numLayers, numHeads } = view.model;
  const { size } = view.thumbnails;
  const source = new Uint8Array(view.thumbnails.data);
  const data = new ImageData(pitch * numHeads, pitch * numLayers);
  const target = new Uint32Array(data.data.buffer);
  const strongest = new Uint8Array(numLayers * numHeads);
  const values = new Float32Array(pixels * pixels);
  for (let index = 0; index < strongest.length; index++) {
    resample(source, index * size * size, size, pixels, values);
    let max = 0;
    for (const value of values) {
      max = Math.max(max, value);
    }
    strongest[index] = max;
    const origin = Math.floor(index / numHeads) * pitch * data.width + (index % numHeads) * pitch;
    colorize(values, pixels, max, ramp.pixels, target, origin, data.width);
  }
  const image = { data, strongest };
  last = { key, view, ramp, image };
  return image;
}
