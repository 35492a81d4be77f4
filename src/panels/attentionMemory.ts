import type * as vscode from 'vscode';
import { type Subject, isPicture } from '../host/subject';
import { attempt } from '../protocol/shape';
import type { Compared } from './attentionComparison';
import { type RememberedAttention, rememberedAttention } from './keptShapes';

const key = 'attention.last';
/** A longer text is not remembered over a restart. */
const maxCharacters = 20_000;

/** Keeps over a restart what was looked at and what it was compared with: never what was computed. */
export class AttentionMemory {
  constructor(private readonly memento: vscode.Memento) {}

  read(): RememberedAttention | undefined {
    return attempt(rememberedAttention, this.memento.get(key));
  }

  async keepSubject(subject: Subject): Promise<void> {
    const kept = isPicture(subject)
      ? { picture: subject.uri }
      : subject.text.length <= maxCharacters
        ? { text: subject }
        : undefined;
    await this.memento.update(key, kept && { ...this.read(), subject: kept });
  }

  async keepComparison(compared: Compared | undefined): Promise<void> {
    const before = this.read();
    const isShort = compared?.with !== 'text' || compared.text.length <= maxCharacters;
    if (before) {
      const { subject } = before;
      await this.memento.update(key, compared && isShort ? { subject, compared } : { subject });
    }
  }
}
