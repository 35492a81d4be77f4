import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import { DecodePicture, type Picture } from '../protocol/picture';
import { ask } from '../protocol/rpc';
import { bytes, fields } from '../protocol/shape';

/** How long a page may take to start, and to decode a picture. */
const milliseconds = 30_000;

/**
 * Has a page decode pictures. One that is hidden is unloaded, and what is sent to it is lost; so it waits for the
 * page, and asks again when it has come back.
 */
export class PageDecoder {
  private isOpen = false;
  private waiting: (() => void)[] = [];
  private readonly asked = new Set<() => void>();
  private isGone = false;

  constructor(
    private readonly connection: MessageConnection,
    /** How long it waits for a page that is not there; for work in the background as long as it takes. */
    private readonly patience = milliseconds,
  ) {}

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
    this.giveUp();
  }

  /** The page will not come back: whoever waits for it is told. */
  dispose(): void {
    this.isGone = true;
    this.giveUp();
    this.opened();
  }

  /**
   * @throws {ScopeError} `pictureUnreadable`, naming the file, also when it takes too long; `cancelled` when the
   * page is gone
   */
  async toPng(picture: Picture, type: string): Promise<Uint8Array> {
    for (;;) {
      await this.open(picture.name);
      const png = await this.ask(picture, type);
      if (png) {
        return png;
      }
    }
  }

  private async open(name: string): Promise<void> {
    if (!this.isOpen) {
      const opened = new Promise<void>((resolve) => this.waiting.push(resolve));
      await (Number.isFinite(this.patience) ? inTime(opened, this.patience, name) : opened);
    }
    if (this.isGone) {
      throw new ScopeError('cancelled');
    }
  }

  /** @returns undefined when the page was hidden meanwhile */
  private async ask({ name, bytes: file }: Picture, type: string): Promise<Uint8Array | undefined> {
    const request = { name, type, bytes: file.slice().buffer };
    const answered = ask(this.connection, DecodePicture, request).then(
      (said) =>
        // What a page answers is trusted no more than what it asks.
        new Uint8Array(decoded(said, name).png),
    );
    let giveUp = (): void => undefined;
    const hidden = new Promise<undefined>((resolve) => {
      giveUp = () => resolve(undefined);
    });
    this.asked.add(giveUp);
    try {
      return await inTime(Promise.race([answered, hidden]), milliseconds, name);
    } finally {
      this.asked.delete(giveUp);
      answered.catch(() => undefined);
    }
  }

  private giveUp(): void {
    for (const each of [...this.asked]) {
      each();
    }
  }
}

const decoded = fields<{ readonly png: ArrayBuffer }>({ png: bytes(1_000_000_000) });

/** @throws {ScopeError} `pictureUnreadable` when it takes longer */
function inTime<T>(promise: Promise<T>, limit: number, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const failure = new ScopeError('pictureUnreadable', `${name}: decoding took too long`);
    timer = setTimeout(() => reject(failure), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
