import { PictureFile } from '../../src/protocol/imagePage';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import { decodePicture } from '../common/pictureDecode';

/** Longest side in pixels: twice what a card shows, for screens with fine pixels. */
const side = 440;
/** Files that are read at once. */
const mostAtOnce = 3;
/** Small pictures that are kept; those longest unseen are read again. */
const mostKept = 300;

/** Small pictures, read when they come into sight, each from its file. */
export class Thumbnails {
  private readonly canvases = new Map<number, HTMLCanvasElement>();
  private readonly waiting: HTMLCanvasElement[] = [];
  private numReading = 0;
  private readonly sight = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          this.sight.unobserve(target);
          this.waiting.push(target as HTMLCanvasElement);
        }
      }
      this.next();
    },
    { rootMargin: '200px' },
  );

  constructor(private readonly connection: MessageConnection) {}

  /** The canvas of a picture, always the same one; what it shows comes later. */
  of(id: number): HTMLCanvasElement {
    const canvas = this.canvases.get(id) ?? this.make(id);
    this.canvases.delete(id);
    this.canvases.set(id, canvas);
    if (this.canvases.size > mostKept) {
      this.canvases.delete(this.canvases.keys().next().value as number);
    }
    return canvas;
  }

  private make(id: number): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.dataset['picture'] = String(id);
    canvas.dataset['state'] = 'coming';
    canvas.setAttribute('aria-hidden', 'true');
    // Without a size of its own it would be 300 × 150.
    canvas.width = canvas.height = 1;
    this.sight.observe(canvas);
    return canvas;
  }

  private next(): void {
    while (this.numReading < mostAtOnce) {
      const canvas = this.waiting.shift();
      if (!canvas) {
        return;
      }
      // One that was scrolled away meanwhile is asked for when it is there again.
      if (!canvas.isConnected) {
        this.sight.observe(canvas);
        continue;
      }
      this.numReading++;
      void this.read(canvas).finally(() => {
        this.numReading--;
        this.next();
      });
    }
  }

  private async read(canvas: HTMLCanvasElement): Promise<void> {
    try {
      const id = Number(canvas.dataset['picture']);
      const { type, bytes } = await ask(this.connection, PictureFile, { id });
      const { image, width, height } = await decodePicture(bytes, type);
      const scale = Math.min(1, side / Math.max(width, height));
      canvas.width = Math.max(1, Math.round(width * scale));
      canvas.height = Math.max(1, Math.round(height * scale));
      const context = canvas.getContext('2d');
      if (context) {
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
      }
      if (image instanceof ImageBitmap) {
        image.close();
      }
      canvas.dataset['state'] = 'shown';
    } catch {
      canvas.dataset['state'] = 'failed';
    }
  }
}
