import { ScopeError } from '../../src/protocol/errors';

/** A decoded picture, upright (Exif orientation applied). */
export interface DecodedPicture {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** Longest side of what a vector picture is drawn at: far more than any model reads. */
const vectorSide = 1024;
/** Longest side of what is given on. */
const maxSide = 4096;

/** Decodes a file as the browser does. @throws what the browser throws for a broken one. */
export async function decodePicture(bytes: BlobPart, type: string): Promise<DecodedPicture> {
  const blob = new Blob([bytes], { type });
  if (type !== 'image/svg+xml') {
    const image = await createImageBitmap(blob);
    return { image, width: image.width, height: image.height };
  }
  // As an image, an SVG runs no scripts and loads nothing.
  const image = new Image();
  image.src = await dataUrl(blob);
  await image.decode();
  const [width, height] = [image.naturalWidth || vectorSide, image.naturalHeight || vectorSide];
  const scale = vectorSide / Math.max(width, height);
  return drawn({ image, width, height }, Math.round(width * scale), Math.round(height * scale), '#fff');
}

/** The picture as a PNG. @throws {ScopeError} `pictureUnreadable` */
export async function pictureToPng(name: string, bytes: BlobPart, type: string): Promise<ArrayBuffer> {
  try {
    const decoded = await decodePicture(bytes, type);
    const scale = Math.min(1, maxSide / Math.max(decoded.width, decoded.height));
    const [width, height] = [Math.round(decoded.width * scale), Math.round(decoded.height * scale)];
    return await (await canvasBlob(drawn(decoded, width, height).image)).arrayBuffer();
  } catch (error) {
    throw new ScopeError('pictureUnreadable', `${name}: ${String(error)}`, { cause: error });
  }
}

/** A picture as a data URL, no side longer than `side`: for files that carry it. */
export async function pictureUrl({ image, width, height }: DecodedPicture, side: number): Promise<string> {
  const scale = Math.min(1, side / Math.max(width, height));
  const small = drawn({ image, width, height }, Math.round(width * scale), Math.round(height * scale));
  return dataUrl(await canvasBlob(small.image));
}

function drawn(
  { image }: DecodedPicture,
  width: number,
  height: number,
  background?: string,
): DecodedPicture & { readonly image: HTMLCanvasElement } {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const context = canvas.getContext('2d');
  if (!context) {
    throw new Error('No 2D canvas');
  }
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return { image: canvas, width: canvas.width, height: canvas.height };
}

function canvasBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) {
        resolve(blob);
      } else {
        reject(new Error('The picture is too large.'));
      }
    }, 'image/png');
  });
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error('unreadable'));
    };
    reader.readAsDataURL(blob);
  });
}
