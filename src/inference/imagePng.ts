import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { ScopeError } from '../protocol/errors';
import { readOrientation, turnUpright } from './imageOrientation';
import { type RgbImage, checkSize } from './imageRgb';

export const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a PNG as Pillow's `convert("RGB")` does: transparency is dropped, not blended, and of 16 bits
 * the upper 8 stay. (Only 16-bit grey differs: Pillow clips it to white, which shows nothing.)
 * @throws {ScopeError} `badRequest`
 */
export function decodePng(name: string, bytes: Uint8Array): RgbImage {
  const { critical, compressed, width, height, depth, interlaced, orientation } = readChunks(name, bytes);
  checkSize(name, width, height);
  let pixels: ArrayLike<number>;
  try {
    if (interlaced) {
      // The library inflates these without a limit, and a few bytes can unpack to gigabytes.
      inflateSync(compressed, { maxOutputLength: width * height * 8 + 16 * height + 1024 });
    }
    pixels = PNG.sync.read(critical, { skipRescale: depth === 16 }).data;
  } catch (error) {
    throw broken(name, error instanceof Error ? error.message : String(error));
  }
  if (pixels.length < width * height * 4) {
    throw broken(name, 'the file ends too early');
  }
  const data = new Uint8Array(width * height * 3);
  const shift = depth === 16 ? 8 : 0;
  for (let source = 0, target = 0; target < data.length; source += 4) {
    data[target++] = pixels[source]! >> shift;
    data[target++] = pixels[source + 1]! >> shift;
    data[target++] = pixels[source + 2]! >> shift;
  }
  return turnUpright({ width, height, data }, orientation);
}

interface Chunks {
  /** The file with nothing but what makes the pixels: a transparent colour (tRNS) would turn them black. */
  readonly critical: Buffer;
  readonly compressed: Buffer;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly interlaced: boolean;
  readonly orientation: number;
}

function readChunks(name: string, bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  const compressed: Uint8Array[] = [];
  let header: Pick<Chunks, 'width' | 'height' | 'depth' | 'interlaced'> | undefined;
  let orientation = 1;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) {
      break;
    }
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === 'IHDR' && end - at === 25) {
      const [depth = 8, , , , interlace = 0] = bytes.subarray(at + 16);
      header = {
        width: view.getUint32(at + 8),
        height: view.getUint32(at + 12),
        depth,
        interlaced: interlace !== 0,
      };
    } else if (kind === 'eXIf') {
      orientation = readOrientation(bytes.subarray(at + 8, end - 4));
    }
    if (kind === 'IDAT') {
      compressed.push(bytes.subarray(at + 8, end - 4));
    }
    if (/^[A-Z]/.test(kind)) {
      parts.push(bytes.subarray(at, end));
    }
    if (kind === 'IEND' && header) {
      return {
        critical: Buffer.concat(parts),
        compressed: Buffer.concat(compressed),
        ...header,
        orientation,
      };
    }
    at = end;
  }
  throw broken(name, 'the file ends too early');
}

function broken(name: string, why: string): ScopeError {
  return new ScopeError('badRequest', `${name}: a broken PNG (${why})`);
}
