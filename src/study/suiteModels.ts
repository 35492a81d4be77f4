import { isAbsolute, relative, resolve, sep } from 'node:path';
import { writtenModel } from '../prompts/studyModels';
import { type AskedModel, type Study, isLocal } from '../protocol/prompts';
import type { ModelSource } from '../protocol/model';

/** How the models of a suite are found and named. */
export interface SuiteModels {
  /** Models that are named by their id alone. */
  readonly known: readonly ModelSource[];
  /** The suite's own folder: others may be named from there. */
  readonly folder: string;
}

/** The model that a suite means; of this computer's models, with its folder. */
function foundModel(model: AskedModel, { known, folder }: SuiteModels): AskedModel {
  if (!isLocal(model)) {
    return model;
  }
  if (model.folder === '') {
    return known.find(({ id }) => id === model.id) ?? model;
  }
  return isAbsolute(model.folder) ? model : { ...model, folder: resolve(folder, model.folder) };
}

/** A study with all its models found, the judge among them. */
export function foundModels(study: Study, models: SuiteModels): Study {
  const { scorer } = study.task;
  const found = { ...study, models: study.models.map((model) => foundModel(model, models)) };
  if (!scorer.judge) {
    return found;
  }
  const model = foundModel(scorer.judge.model, models);
  return { ...found, task: { ...study.task, scorer: { ...scorer, judge: { ...scorer.judge, model } } } };
}

/** How a suite names a model, so that it is found on another computer too wherever that is possible. */
export function namedModel(model: AskedModel, { known, folder }: SuiteModels): unknown {
  if (!isLocal(model)) {
    return model;
  }
  if (known.some((each) => each.id === model.id && each.folder === model.folder)) {
    return model.id;
  }
  const path = relative(folder, model.folder);
  const isNear = model.folder !== '' && folder !== '' && !isAbsolute(path) && path.split(sep)[0] !== '..';
  return isNear ? { ...model, folder: `./${path.split(sep).join('/')}` } : writtenModel(model);
}
