import { decode } from 'jpeg-js';
import { ScopeError } from '../protocol/errors';
import { toRgb } from './imageChroma';
import { readOrientation, turnUpright } from './imageOrientation';
import { type RgbImage, checkSize } from './imageRgb';

/**
 * Decodes a baseline or progressive JPEG. Pixels differ from libjpeg's only by the rounding of its
 * inverse cosine transform.
 * @throws {ScopeError} `badRequest`
 */
export function decodeJpeg(name: string, bytes: Uint8Array): RgbImage {
  const { width, height, orientation, ycc, stepX, stepY, adobe } = readHeader(name, bytes);
  checkSize(name, width, height);
  let data: Uint8Array;
  try {
    // With Adobe's note the library would convert colours itself, and from repeated samples.
    const noted = ycc !== undefined && adobe !== undefined;
    data = decode(
      noted ? Buffer.concat([bytes.subarray(0, adobe.start), bytes.subarray(adobe.end)]) : bytes,
      {
        useTArray: true,
        ...(ycc !== undefined && { colorTransform: false }),
        formatAsRGBA: false,
        tolerantDecoding: false,
        // For the size that was checked: a second header behind the first must not bring another one.
        maxResolutionInMP: Math.max(1, (width * height) / 1e6 + 0.01),
        maxMemoryUsageInMB: 64 + (64 * width * height) / 1e6,
      },
    ).data;
  } catch (error) {
    throw broken(name, error instanceof Error ? error.message : String(error));
  }
  if (data.length !== width * height * 3) {
    throw broken(name, `${data.length} values for ${width} × ${height} pixels`);
  }
  const image = { width, height, data };
  if (ycc) {
    toRgb(image, stepX, stepY);
  }
  return turnUpright(image, orientation);
}

interface Frame {
  readonly width: number;
  readonly height: number;
  /** Component identifiers, e.g. 1, 2, 3. */
  readonly ids: readonly number[];
  /** How many pixels one sample of the second component belongs to. */
  readonly stepX: number;
  readonly stepY: number;
}

interface Header extends Frame {
  readonly orientation: number;
  /** Whether three components are luminance and colour differences; undefined for another number. */
  readonly ycc: boolean | undefined;
  readonly adobe: Adobe | undefined;
}

/** The APP14 segment that says how colours were transformed, and where it lies. */
interface Adobe {
  readonly transform: number;
  readonly start: number;
  readonly end: number;
}

/** Walks the segments up to the first scan. */
function readHeader(name: string, bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: Frame | undefined;
  let adobe: Adobe | undefined;
  let jfif = false;
  let orientation = 1;
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) {
      throw broken(name, `no marker at byte ${at}`);
    }
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) {
      break;
    }
    if (isFrame(marker) && end - at >= 10) {
      if (marker > 0xc2 || bytes[at + 4] !== 8) {
        throw new ScopeError(
          'badRequest',
          `${name}: a lossless, arithmetic or 12-bit JPEG, which is not read`,
        );
      }
      frame = readFrame(bytes.subarray(at + 5, end));
    } else if (marker === 0xe1 && startsWith(bytes, at + 4, 'Exif\0\0')) {
      orientation = readOrientation(bytes.subarray(at + 10, end));
    } else if (marker === 0xe0 && startsWith(bytes, at + 4, 'JFIF')) {
      jfif = true;
    } else if (marker === 0xee && startsWith(bytes, at + 4, 'Adobe') && end - at >= 16) {
      adobe = { transform: bytes[at + 15]!, start: at, end };
    } else if (marker === 0xda && frame) {
      // The decoder fills what is missing with grey and says nothing.
      if (
        Buffer.from(bytes.buffer, bytes.byteOffset + end, bytes.length - end).lastIndexOf(
          'ffd9',
          undefined,
          'hex',
        ) < 0
      ) {
        break;
      }
      const ycc = frame.ids.length === 3 ? isYcc(frame.ids, jfif, adobe) : undefined;
      return { ...frame, orientation, ycc, adobe };
    }
    at = end;
  }
  throw broken(name, 'the file ends too early');
}

/** @param bytes from the height on */
function readFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.min(bytes[4]!, Math.floor((bytes.length - 5) / 3));
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, factors = 0x11] = bytes.subarray(5 + index * 3);
    return { id, h: factors >> 4, v: factors & 15 };
  });
  const second = components[1] ?? { h: 1, v: 1 };
  return {
    height: view.getUint16(0),
    width: view.getUint16(2),
    ids: components.map(({ id }) => id),
    stepX: Math.max(...components.map(({ h }) => h)) / second.h,
    stepY: Math.max(...components.map(({ v }) => v)) / second.v,
  };
}

/** As libjpeg guesses: JFIF is YCbCr, Adobe says so, and else the components' names may be letters. */
function isYcc(ids: readonly number[], jfif: boolean, adobe: Adobe | undefined): boolean {
  if (jfif) {
    return true;
  }
  return adobe ? adobe.transform !== 0 : String.fromCharCode(...ids) !== 'RGB';
}

/** SOF0 to SOF15; DHT, JPG and DAC lie between them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}

function broken(name: string, why: string): ScopeError {
  return new ScopeError('badRequest', `${name}: a broken JPEG (${why})`);
}
