import { typedText } from '../host/selectedText';
import type { AttentionState, Comparison } from '../protocol/attentionPage';
import type { ModelSource } from '../protocol/model';
import type { AttentionSession } from './attentionSession';

/** A second run beside the one on show: the same text by another model, or another text by the same. */
export class AttentionComparison {
  private compares: 'nothing' | 'model' | 'text' = 'nothing';
  private model: ModelSource | undefined;

  constructor(
    private readonly session: AttentionSession,
    readonly other: AttentionSession,
    private readonly pickModel: () => Promise<ModelSource | undefined>,
  ) {}

  /** The second run's state; null when nothing is compared. */
  get state(): AttentionState | null {
    return this.compares === 'nothing' ? null : this.other.current;
  }

  async begin(comparison: Comparison): Promise<void> {
    switch (comparison.with) {
      case 'nothing':
        this.compares = 'nothing';
        this.other.cancel();
        this.other.clear();
        return;
      case 'model': {
        const model = await this.pickModel();
        if (model) {
          this.compares = 'model';
          this.model = model;
          await this.follow();
        }
        return;
      }
      case 'text':
        this.compares = 'text';
        await this.other.analyse(typedText(comparison.text, comparison.second), this.session.modelInUse());
    }
  }

  /** Another model reads what the first has read now; another text stays. */
  async follow(): Promise<void> {
    const text = this.session.lastText;
    if (this.compares === 'model' && text) {
      await this.other.analyse(text, this.model);
    }
  }

  dispose(): void {
    this.other.dispose();
  }
}
