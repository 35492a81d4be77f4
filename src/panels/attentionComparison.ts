import { type SelectedPicture, type Subject, isPicture } from '../host/subject';
import { typedText } from '../host/selectedText';
import type { AttentionState, Comparison } from '../protocol/attentionPage';
import type { ModelSource } from '../protocol/model';
import type { AttentionSession } from './attentionSession';

/** What is compared with, as it is kept over a restart. */
export type Compared =
  | { readonly with: 'model'; readonly model: ModelSource; readonly reads: 'text' | 'picture' }
  | { readonly with: 'text'; readonly text: string; readonly second?: string }
  | { readonly with: 'picture'; readonly uri: string };

export interface ComparisonServices {
  pickModel(reads: 'text' | 'picture'): Promise<ModelSource | undefined>;
  /** The address of another picture. */
  pickPicture(): Promise<string | undefined>;
  picture(uri: string): SelectedPicture;
  /** It is compared with something else now. */
  changed(compared: Compared | undefined): void;
}

/** A second run beside the one on show: the same by another model, or another text or picture by the same. */
export class AttentionComparison {
  private compared: Compared | undefined;

  constructor(
    private readonly session: AttentionSession,
    readonly other: AttentionSession,
    private readonly services: ComparisonServices,
  ) {}

  /** The second run's state; null when nothing is compared. */
  get state(): AttentionState | null {
    return this.compared ? this.other.current : null;
  }

  /** What is compared with; undefined when nothing is. */
  get settled(): Compared | undefined {
    return this.compared;
  }

  /** The second run, once it is there. */
  get shown(): AttentionSession | undefined {
    return this.state?.kind === 'ready' ? this.other : undefined;
  }

  async begin(comparison: Comparison): Promise<void> {
    const compared = await this.resolve(comparison);
    if (compared) {
      await this.resume(compared);
    }
  }

  /** Compares with what was settled before. */
  async resume(compared: Compared): Promise<void> {
    this.set(compared);
    switch (compared.with) {
      case 'model':
        return this.follow();
      case 'text':
        return this.other.analyse(typedText(compared.text, compared.second), this.session.modelInUse());
      case 'picture':
        return this.other.analyse(this.services.picture(compared.uri), this.session.modelInUse());
    }
  }

  /** Another model looks at what the first looks at now; another text or picture stays while its kind does. */
  async follow(): Promise<void> {
    const { compared } = this;
    const subject = this.session.lastSubject;
    if (!compared || !subject) {
      return;
    }
    if (kindOf(subject) !== (compared.with === 'model' ? compared.reads : compared.with)) {
      this.end();
    } else if (compared.with === 'model') {
      await this.other.analyse(subject, compared.model);
    }
  }

  dispose(): void {
    this.other.dispose();
  }

  /** Asks for what the page leaves open. @returns undefined for an end, and when the person picked nothing. */
  private async resolve(comparison: Comparison): Promise<Compared | undefined> {
    const { lastSubject } = this.session;
    switch (comparison.with) {
      case 'nothing':
        this.end();
        return undefined;
      case 'model': {
        const reads = lastSubject ? kindOf(lastSubject) : 'text';
        const model = await this.services.pickModel(reads);
        return model && { with: 'model', model, reads };
      }
      case 'picture': {
        const uri = await this.services.pickPicture();
        return uri === undefined ? undefined : { with: 'picture', uri };
      }
      case 'text':
        return comparison;
    }
  }

  private end(): void {
    this.set(undefined);
    this.other.cancel();
    this.other.clear();
  }

  private set(compared: Compared | undefined): void {
    this.compared = compared;
    this.services.changed(compared);
  }
}

function kindOf(subject: Subject): 'text' | 'picture' {
  return isPicture(subject) ? 'picture' : 'text';
}
