/** Formats of picture files, by their first bytes: names lie. */
export type PictureType =
  'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/bmp' | 'image/svg+xml';

/** Names of files that may be pictures, for menus and file dialogs. */
export const pictureExtensions = ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'svg'] as const;

const signatures: readonly (readonly [RegExp, PictureType])[] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[^]{4}WEBP/, 'image/webp'],
  [/^BM/, 'image/bmp'],
  [/^(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/i, 'image/svg+xml'],
];

/** @returns undefined for what is none of these, such as a text that is called `.png`. */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  const type = signatures.find(([pattern]) => pattern.test(head))?.[1];
  const isSvg = type === 'image/svg+xml';
  return isSvg && !/<svg[\s>]/i.test(new TextDecoder().decode(bytes.subarray(0, 65_536))) ? undefined : type;
}

/**
 * The size that the header of a GIF, WebP or BMP states, so that an enormous one is refused before anybody decodes it.
 * @returns undefined where the header does not say, and for formats that are checked elsewhere.
 */
export function statedSize(
  bytes: Uint8Array,
  type: PictureType,
): { readonly width: number; readonly height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  const uint24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (bytes.length < 30) {
    return undefined;
  }
  switch (type) {
    case 'image/gif':
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case 'image/bmp':
      // The height of a picture that is stored from the top is negative.
      return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
    case 'image/webp':
      switch (ascii(12, 16)) {
        case 'VP8X':
          return { width: uint24(24) + 1, height: uint24(27) + 1 };
        case 'VP8L': {
          const bits = view.getUint32(21, true);
          return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
        }
        case 'VP8 ':
          return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
        default:
          return undefined;
      }
    default:
      return undefined;
  }
}
