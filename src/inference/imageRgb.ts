import { ScopeError } from '../protocol/errors';

/** A decoded picture: 8-bit RGB, row-major `[height, width, 3]`, upright as a viewer shows it. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A picture file as it was chosen or dropped; `name` is only for messages. */
export interface ImageFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Decoding takes some ten bytes a pixel, so more than this would endanger the process. */
export const maxPixels = 64 * 1024 * 1024;

/** @throws {ScopeError} `badRequest` for an empty or too large picture, before anything is decoded. */
export function checkSize(name: string, width: number, height: number): void {
  if (width === 0 || height === 0) {
    throw new ScopeError('badRequest', `${name}: the picture has no pixels`);
  }
  if (width * height > maxPixels) {
    throw new ScopeError(
      'badRequest',
      `${name}: ${width} × ${height} pixels; at most 64 megapixels are read`,
    );
  }
}
