import { type Subject, isPicture } from '../host/subject';
import type { ModelSource } from '../protocol/model';
import type { Compared } from './attentionComparison';
import type { HistoryKeeper } from './history';
import type { KeptAttention } from './historyEntry';

/** Tells the history what the attention panel shows. */
export class AttentionRecord {
  private id: string | undefined;
  private shown: KeptAttention | undefined;

  constructor(private readonly history: HistoryKeeper) {}

  /** A run is on show. */
  analysed(subject: Subject, model: ModelSource, compared: Compared | undefined): void {
    this.shown = {
      kind: 'attention',
      subject: isPicture(subject) ? { picture: subject.uri } : { text: subject },
      model,
      ...(compared ? { compared } : {}),
    };
    this.id = this.history.keep(this.shown);
  }

  /** It is compared with something, or with nothing any more. */
  compared(compared: Compared | undefined): void {
    if (this.shown) {
      const { kind, subject, model } = this.shown;
      this.shown = { kind, subject, model, ...(compared ? { compared } : {}) };
      this.history.change(this.id, this.shown);
    }
  }

  /** Where the reader is in it. */
  look(look: unknown): void {
    this.history.look(this.id, look);
  }

  /** Something else comes: what happens to the panel until then is not about this run. */
  leave(): void {
    this.id = this.shown = undefined;
  }
}
