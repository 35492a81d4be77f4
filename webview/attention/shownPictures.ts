import { PagePicture } from '../../src/protocol/attentionPage';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import { type DecodedPicture, decodePicture } from '../common/pictureDecode';

/** The pictures that runs looked at, asked for once each. */
export class ShownPictures {
  private readonly pictures = new Map<number, DecodedPicture | 'coming' | 'failed'>();

  constructor(
    private readonly connection: MessageConnection,
    /** A picture has come, or failed to. */
    private readonly changed: () => void,
  ) {}

  /** @returns undefined while it is on its way, null when it cannot be drawn. */
  of(runId: number): DecodedPicture | null | undefined {
    const found = this.pictures.get(runId);
    if (found === undefined) {
      void this.fetch(runId);
    }
    return found === 'failed' ? null : found === 'coming' ? undefined : found;
  }

  private async fetch(runId: number): Promise<void> {
    // Of the runs before these nobody asks again; their pictures may be large.
    for (const old of [...this.pictures.keys()].slice(0, -1)) {
      this.pictures.delete(old);
    }
    this.pictures.set(runId, 'coming');
    try {
      const { type, bytes } = await ask(this.connection, PagePicture, { runId });
      this.pictures.set(runId, await decodePicture(bytes, type));
    } catch {
      this.pictures.set(runId, 'failed');
    }
    this.changed();
  }
}
