import { type ImageFile, type RgbImage, checkSize } from '../inference/imageRgb';
import { ScopeError } from '../protocol/errors';

/** A file larger than this is no sensible picture. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Stands in for `src/inference/imageDecode.ts`: the browser decodes pictures itself, upright and without their colour
 * profile.
 * @throws {ScopeError} `badRequest`, naming the file, for what is no picture and for a huge one
 */
export async function decodeImage({ name, bytes }: ImageFile): Promise<RgbImage> {
  if (bytes.length > maxBytes) {
    throw new ScopeError('badRequest', `${name}: more than 256 MB`);
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes as BlobPart]), {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
  } catch (error) {
    throw new ScopeError('badRequest', `${name}: the picture could not be decoded`, { cause: error });
  }
  const { width, height } = bitmap;
  checkSize(name, width, height);
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new ScopeError('outOfMemory', `${name}: ${width} × ${height} pixels`);
  }
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data: rgba } = context.getImageData(0, 0, width, height);
  const data = new Uint8Array(width * height * 3);
  for (let source = 0, target = 0; target < data.length; source += 4) {
    data[target++] = rgba[source]!;
    data[target++] = rgba[source + 1]!;
    data[target++] = rgba[source + 2]!;
  }
  return { width, height, data };
}
