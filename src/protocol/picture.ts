import type { ErrorData } from './errors';
import { RequestType } from './requestType';

/** Pictures on their way to a model, and how a model cuts them up. */

/** A picture travels as the bytes of its file, PNG or JPEG; the name is for messages. */
export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** In pixels of the picture, upright as a viewer shows it (Exif orientation applied). */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which token is which part of the picture. Token `numSpecial + i` is patch i; patches go row by row. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
  /** In pixels of what the model reads, after resizing. */
  readonly patchWidth: number;
  readonly patchHeight: number;
  /** Tokens before the first patch: 0; 1 for [CLS]; more with distillation or register tokens. */
  readonly numSpecial: number;
  /** Whether token 0 stands for the whole picture. */
  readonly hasClassToken: boolean;
  readonly pictureWidth: number;
  readonly pictureHeight: number;
  /** The part that the model sees; less than the picture where its edges are cropped. */
  readonly seen: Rectangle;
  /** Where each patch lies; empty (width or height 0) where it is nothing but black padding. */
  readonly patches: readonly Rectangle[];
}

/** Asks a page for a PNG of a picture in a format that browsers read and models are not given. */
export const DecodePicture = new RequestType<
  { readonly name: string; readonly type: string; readonly bytes: ArrayBuffer },
  { readonly png: ArrayBuffer },
  ErrorData
>('decodePicture');
