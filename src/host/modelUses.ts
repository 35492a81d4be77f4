import * as vscode from 'vscode';
import type { ModelSource } from '../protocol/model';
import { readsImages } from './modelConfig';
import type { Models } from './models';
import { type TextTask, type TaskModels, textTasks } from './taskModels';

/** What a model can be the one for: looking into texts or pictures, or a task of {@link TaskModels}. */
export const modelUses = ['attention', ...textTasks, 'pictures'] as const;
export type ModelUse = (typeof modelUses)[number];

/** Which model is used for what, and how that is changed. */
export class ModelUses {
  constructor(
    private readonly models: Models,
    private readonly taskModels: TaskModels,
  ) {}

  /** What a model can be used for, in the order of {@link modelUses}. */
  async possible(model: ModelSource): Promise<ModelUse[]> {
    return (await readsImages(model.folder))
      ? ['pictures']
      : ['attention', ...(await this.taskModels.tasksOf(model))];
  }

  /** What each folder is used for now. */
  async current(): Promise<ReadonlyMap<string, readonly ModelUse[]>> {
    const used = new Map<string, ModelUse[]>();
    for (const use of modelUses) {
      // A setting that names no model is told where the model is used.
      const folder = await this.modelFor(use).then(
        (model) => model.folder,
        () => undefined,
      );
      if (folder !== undefined) {
        used.set(folder, [...(used.get(folder) ?? []), use]);
      }
    }
    return used;
  }

  /** Takes a model into use. */
  async begin(use: ModelUse, model: ModelSource): Promise<void> {
    await (isTask(use) ? this.taskModels.use(use, model) : this.models.use(model));
  }

  /** Goes back to the model that is used when nobody has chosen. */
  async end(use: ModelUse, model: ModelSource): Promise<void> {
    await (isTask(use)
      ? this.taskModels.use(use, undefined)
      : this.models.stopUsing(await this.models.nameFor(model)));
  }

  /** Goes back so for everything that the settings name a folder for, because it goes. */
  async forget(model: ModelSource): Promise<void> {
    for (const use of (await this.current()).get(model.folder) ?? []) {
      await this.end(use, model);
    }
  }

  private async modelFor(use: ModelUse): Promise<ModelSource> {
    return isTask(use)
      ? this.taskModels.for(use)
      : this.models.current(use === 'pictures' ? 'picture' : 'text');
  }
}

/** A use as a person calls it. */
export function useName(use: ModelUse): string {
  const { t } = vscode.l10n;
  switch (use) {
    case 'attention':
      return t('Attention');
    case 'masks':
      return t('Masked words');
    case 'generation':
      return t('Generation');
    case 'sentiment':
      return t('Sentiment');
    case 'nextSentence':
      return t('Next sentence');
    case 'pictures':
      return t('Images');
  }
}

function isTask(use: ModelUse): use is TextTask {
  return use !== 'attention' && use !== 'pictures';
}
