import type { ErrorData } from '../../src/protocol/errors';
import {
  type ImageAction,
  type ImageTab,
  PerformImages,
  SetCaptions,
  SetLabels,
  SetQuery,
  ShowTab,
  ShowText,
  StopImages,
  UsePicture,
} from '../../src/protocol/imagePage';
import type { MessageConnection, RequestType } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import type { Store } from './store';

/** What the page's controls do. A failure is told in the notice line. */
export class Verbs {
  constructor(
    private readonly connection: MessageConnection,
    private readonly store: Store,
  ) {}

  showTab(tab: ImageTab): void {
    this.store.update({ tab });
    void this.send(ShowTab, { tab });
  }

  setLabels(labels: string, templates: string): void {
    void this.send(SetLabels, { labels, templates });
  }

  setQuery(query: string): void {
    void this.send(SetQuery, { query });
  }

  setCaptions(texts: string): void {
    void this.send(SetCaptions, { texts });
  }

  use(id: number, how: 'open' | 'attention' | 'captions'): void {
    void this.send(UsePicture, { id, how });
  }

  showText(index: number): void {
    void this.send(ShowText, { index });
  }

  stop(): void {
    void this.send(StopImages, { tab: this.store.snapshot.tab });
  }

  async perform(action: ImageAction): Promise<void> {
    const done = await this.send(PerformImages, { action });
    if (done !== undefined && action === 'copyTable') {
      this.store.say(this.store.snapshot.strings.copied);
    }
  }

  private async send<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R | undefined> {
    if (this.store.notice !== '') {
      this.store.say('');
    }
    try {
      return await ask(this.connection, type, params);
    } catch {
      // The host has told what it was.
      this.store.say(this.store.snapshot.strings.failed);
      return undefined;
    }
  }
}
