import { ScopeError } from '../protocol/errors';
import { decodeJpeg } from './imageJpeg';
import { decodePng, pngSignature } from './imagePng';
import type { ImageFile, RgbImage } from './imageRgb';

/** A file larger than this is no sensible PNG or JPEG of 64 megapixels. */
const maxBytes = 256 * 1024 * 1024;

/** What else people drop on a window, by the first bytes. */
const otherFormats: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, 'GIF'],
  [/^RIFF....WEBP/s, 'WebP'],
  [/^BM/, 'BMP'],
  [/^(II\*\0|MM\0\*)/, 'TIFF'],
  [/^....ftyp(avif|avis)/s, 'AVIF'],
  [/^....ftyp(heic|heix|mif1|msf1)/s, 'HEIC'],
  [/^\s*(<\?xml[^]*)?<svg/, 'SVG'],
];

/**
 * Decodes a PNG or JPEG into upright 8-bit RGB, as transformers' `load_image` does (Exif orientation
 * applied, then `convert("RGB")`). The first bytes decide, not the name.
 * @throws {ScopeError} `badRequest`, naming the file, for anything else, broken files and huge ones.
 */
export function decodeImage({ name, bytes }: ImageFile): RgbImage {
  if (bytes.length > maxBytes) {
    throw new ScopeError(
      'badRequest',
      `${name}: ${Math.round(bytes.length / 1e6)} MB; at most 256 MB are read`,
    );
  }
  if (pngSignature.every((byte, index) => bytes[index] === byte)) {
    return decodePng(name, bytes);
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    return decodeJpeg(name, bytes);
  }
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const format = otherFormats.find(([pattern]) => pattern.test(head))?.[1];
  throw new ScopeError('badRequest', `${name}: ${format ?? 'unknown format'}; PNG and JPEG are read`);
}
