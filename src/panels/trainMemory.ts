import type * as vscode from 'vscode';
import type { TrainSettings } from '../protocol/train';

/** What a panel that is opened again begins with: what was chosen, and how far it was; never the weights. */
export interface RememberedTraining {
  readonly settings: TrainSettings;
  readonly preset: string | null;
  /** Steps done. */
  readonly step: number;
}

const key = 'train.last';

/** Keeps in the workspace's storage what was trained last. */
export class TrainMemory {
  constructor(private readonly memento: vscode.Memento) {}

  read(): RememberedTraining | undefined {
    return this.memento.get<RememberedTraining>(key);
  }

  async keep(remembered: RememberedTraining): Promise<void> {
    await this.memento.update(key, remembered);
  }
}
