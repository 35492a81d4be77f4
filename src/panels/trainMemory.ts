import type * as vscode from 'vscode';
import { attempt, fields, index, orNull, text } from '../protocol/shape';
import type { TrainSettings } from '../protocol/train';
import { trainSettings } from '../train/checkSettings';

/** What a panel that is opened again begins with: what was chosen, and how far it was; never the weights. */
export interface RememberedTraining {
  readonly settings: TrainSettings;
  readonly preset: string | null;
  /** Steps done. */
  readonly step: number;
}

const rememberedTraining = fields<RememberedTraining>({
  settings: trainSettings,
  preset: orNull(text(100)),
  step: index,
});

const key = 'train.last';

/** Keeps in the workspace's storage what was trained last. */
export class TrainMemory {
  constructor(private readonly memento: vscode.Memento) {}

  read(): RememberedTraining | undefined {
    return attempt(rememberedTraining, this.memento.get(key));
  }

  async keep(remembered: RememberedTraining): Promise<void> {
    await this.memento.update(key, remembered);
  }
}
