import { DecodePicture } from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import type { Picture } from '../protocol/picture';
import { ask } from '../protocol/rpc';

/** How long a page may take to start, and to decode a picture. */
const milliseconds = 30_000;

/** Has a page decode pictures. One that is hidden is unloaded, and what is sent to it is lost; so it waits for the page. */
export class PageDecoder {
  private isOpen = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly connection: MessageConnection) {}

  /** The page runs. */
  opened(): void {
    this.isOpen = true;
    for (const go of this.waiting.splice(0)) {
      go();
    }
  }

  /** The page is hidden. */
  closed(): void {
    this.isOpen = false;
  }

  /** @throws {ScopeError} `pictureUnreadable`, naming the file, also when it takes too long. */
  async toPng({ name, bytes }: Picture, type: string): Promise<Uint8Array> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const failure = new ScopeError('pictureUnreadable', `${name}: decoding took too long`);
      timer = setTimeout(() => reject(failure), milliseconds);
    });
    const decode = async (): Promise<Uint8Array> => {
      if (!this.isOpen) {
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      }
      const request = { name, type, bytes: bytes.slice().buffer };
      return new Uint8Array((await ask(this.connection, DecodePicture, request)).png);
    };
    return Promise.race([decode(), late]).finally(() => clearTimeout(timer));
  }
}
