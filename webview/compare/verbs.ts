import type { HeadRequest } from '../../src/protocol/attention';
import type { ComparePart, Side } from '../../src/protocol/compare';
import {
  AskBlank,
  AskChat,
  ChangeColumns,
  type CompareAction,
  CompareHead,
  ComparePointAt,
  CompareText,
  ExportReport,
  MaskAgain,
  OpenVisualizer,
  PerformCompare,
  PlaceModel,
  ReplaceAgain,
  RunPart,
  SetNotes,
  StopCompare,
  SwapModels,
  TabShown,
} from '../../src/protocol/comparePage';
import type { ErrorData } from '../../src/protocol/errors';
import type { MessageConnection, RequestType } from '../../src/protocol/jsonrpc';
import type { ModelSource } from '../../src/protocol/model';
import { ask } from '../../src/protocol/rpc';
import type { Store } from './store';

/** What the page's controls do. A failure is told in the notice line. */
export class Verbs {
  constructor(
    private readonly connection: MessageConnection,
    private readonly store: Store,
  ) {}

  async compareText(text: string): Promise<void> {
    await this.send(CompareText, { text });
  }

  place(side: Side, model: ModelSource | null): void {
    void this.send(PlaceModel, { side, model });
  }

  tabShown(tab: string): void {
    void this.send(TabShown, { tab });
  }

  swap(): void {
    void this.send(SwapModels, {});
  }

  run(part: ComparePart): void {
    void this.send(RunPart, { part });
  }

  stop(): void {
    void this.send(StopCompare, {});
  }

  askBlank(word: number): void {
    this.store.askedWord = word;
    this.store.changed();
    void this.send(AskBlank, { word }).then((answer) => {
      if (answer === undefined) {
        this.store.askedWord = null;
        this.store.changed();
      }
    });
  }

  maskAgain(): void {
    void this.send(MaskAgain, {});
  }

  replaceAgain(): void {
    void this.send(ReplaceAgain, {});
  }

  askChat(prompt: string): void {
    if (prompt.trim() !== '') {
      void this.send(AskChat, { prompt });
    }
  }

  /** One head's weights; undefined when they could not be had, which is told where they would stand. */
  async head(request: HeadRequest): Promise<Float32Array | undefined> {
    try {
      return new Float32Array((await ask(this.connection, CompareHead, request)).weights);
    } catch {
      return undefined;
    }
  }

  openVisualizer(side: Side, layer?: number): void {
    void this.send(OpenVisualizer, { side, ...(layer === undefined ? {} : { layer }) });
  }

  /** Asks for a further column of the table of architectures, or takes one away. */
  changeColumns(remove?: number): void {
    void this.send(ChangeColumns, remove === undefined ? {} : { remove });
  }

  setNotes(notes: string): void {
    void this.send(SetNotes, { notes });
  }

  async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<void> {
    const done = await this.send(ExportReport, { format, language });
    if (done?.saved) {
      this.store.say(this.store.strings.saved);
    }
  }

  perform(action: CompareAction): void {
    void this.send(PerformCompare, { action });
  }

  /**
   * Points at a word, here and in the editor.
   * @returns whether that is news
   */
  point(word: number | null): boolean {
    if (!this.store.point(word)) {
      return false;
    }
    const found = word === null ? undefined : this.store.words[word];
    const range = found ? { start: found.start, end: found.end } : null;
    void this.connection.sendNotification(ComparePointAt, { range });
    return true;
  }

  private async send<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R | undefined> {
    if (this.store.notice !== '') {
      this.store.say('');
    }
    try {
      return await ask(this.connection, type, params);
    } catch {
      // The host has told what it was.
      this.store.say(this.store.strings.failed);
      return undefined;
    }
  }
}
