import type { RgbImage } from './imageRgb';

/**
 * Orientation (1 to 8, tag 0x0112) of a TIFF block, as Exif carries it; 1 where it states none.
 * @param tiff from its byte-order mark `II` or `MM` on
 */
export function readOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const little = view.getUint16(0) === 0x4949;
    const start = view.getUint32(4, little);
    const entries = view.getUint16(start, little);
    for (let entry = 0; entry < entries; entry++) {
      const at = start + 2 + entry * 12;
      if (view.getUint16(at, little) === 0x0112) {
        const value = view.getUint16(at + 8, little);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
  } catch {
    // A broken block tells nothing; the picture itself may be sound.
  }
  return 1;
}

/** Turns a picture upright, as `PIL.ImageOps.exif_transpose` and every browser do. */
export function turnUpright(image: RgbImage, orientation: number): RgbImage {
  if (orientation === 1) {
    return image;
  }
  const { width, height, data } = image;
  const transposed = orientation >= 5;
  const turned = { width: transposed ? height : width, height: transposed ? width : height };
  const flipX = [2, 3, 7, 8].includes(orientation);
  const flipY = [3, 4, 6, 7].includes(orientation);
  const result = new Uint8Array(data.length);
  let target = 0;
  for (let y = 0; y < turned.height; y++) {
    for (let x = 0; x < turned.width; x++) {
      const [u, v] = transposed ? [y, x] : [x, y];
      const source = ((flipY ? height - 1 - v : v) * width + (flipX ? width - 1 - u : u)) * 3;
      result[target++] = data[source]!;
      result[target++] = data[source + 1]!;
      result[target++] = data[source + 2]!;
    }
  }
  return { ...turned, data: result };
}
