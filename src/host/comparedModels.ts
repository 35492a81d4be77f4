import type { Both } from '../protocol/compare';
import type { ModelSource } from '../protocol/model';
import type { TaskModels } from './taskModels';

/** An encoder for the left place and a decoder for the right. */
export async function modelsToCompare(models: TaskModels): Promise<Both<ModelSource>> {
  return { left: await models.for('masks'), right: await models.for('generation') };
}
