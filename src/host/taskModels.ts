import type { ModelSource } from '../protocol/model';
import { classesOf } from './modelConfig';
import type { Models } from './models';
import { changeSetting, setting } from './settings';

/** What a command asks of a model of texts. */
export const textTasks = ['masks', 'generation', 'sentiment', 'nextSentence'] as const;
export type TextTask = (typeof textTasks)[number];

/** The classes of transformers that do a task, and the bundled model that does it. */
const able: Readonly<Record<TextTask, { readonly classes: RegExp; readonly bundled: string }>> = {
  masks: { classes: /MaskedLM|(?<!Electra)ForPreTraining/, bundled: 'scope-bert' },
  generation: { classes: /CausalLM|LMHeadModel/, bundled: 'scope-gpt' },
  sentiment: { classes: /ForSequenceClassification/, bundled: 'scope-bert-sentiment' },
  nextSentence: { classes: /NextSentence|(?<!Electra)ForPreTraining/, bundled: 'scope-bert' },
};

/** Which model does what: the one set for the task, else the chosen model where it can, else a bundled one. */
export class TaskModels {
  constructor(private readonly models: Models) {}

  /** The model that a command uses for a task. */
  async for(task: TextTask): Promise<ModelSource> {
    const named = setting('taskModels')[task]?.trim();
    if (named !== undefined && named !== '') {
      return this.models.named(named);
    }
    const current = this.models.current();
    return (await canDo(task, current)) ? current : this.models.bundledSource(able[task].bundled);
  }

  /** The tasks that a model can be used for, by the classes that its configuration names. */
  async tasksOf(model: ModelSource): Promise<TextTask[]> {
    const classes = await classesOf(model.folder);
    return textTasks.filter((task) => able[task].classes.test(classes));
  }

  /** Sets the model of a task; `undefined` goes back to what {@link for} finds by itself. */
  async use(task: TextTask, model: ModelSource | undefined): Promise<void> {
    const named = model === undefined ? undefined : await this.models.nameFor(model);
    const others = Object.entries(setting('taskModels')).filter(([key]) => key !== task);
    const next = Object.fromEntries([...others, ...(named === undefined ? [] : [[task, named]])]);
    await changeSetting('taskModels', next);
  }
}

async function canDo(task: TextTask, model: ModelSource): Promise<boolean> {
  return able[task].classes.test(await classesOf(model.folder));
}
