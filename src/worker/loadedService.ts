import { refuseCancelled } from '../inference/cancellation';
import { readJson } from '../inference/modelFolder';
import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import {
  ListLoaded,
  LoadedChanged,
  LoadModel,
  UnloadModel,
  type ProcessMemory,
} from '../protocol/loadedModels';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import { writesTarget } from './attentionStacks';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/**
 * Answers everything of `protocol/loadedModels`, and tells of every change.
 * @param residentBytes the memory that is taken; 0 where that cannot be known
 */
export function answerLoaded(
  connection: MessageConnection,
  queue: JobQueue,
  models: WorkerModels,
  residentBytes: () => number,
): void {
  const memory = async (): Promise<ProcessMemory> => ({
    models: models.loaded(),
    residentBytes: residentBytes(),
    ...(await models.computing()),
  });
  models.onChange(() => {
    memory()
      .then((now) => connection.sendNotification(LoadedChanged, now))
      .catch(() => {
        // Nobody listens any more.
      });
  });
  answer(connection, ListLoaded, memory);
  answer(connection, LoadModel, ({ model, owner }, token) =>
    queue.run(`${owner} ${model.folder}`, async () => {
      refuseCancelled(token);
      await load(model, owner, models);
      return memory();
    }),
  );
  answer(connection, UnloadModel, ({ folder }) =>
    queue.run(`unload ${folder}`, async () => {
      await models.unload(folder);
      return memory();
    }),
  );
}

/** @throws {ScopeError} for everything that keeps a model from being looked into */
async function load(source: ModelSource, owner: string, models: WorkerModels): Promise<void> {
  const config = await readJson(source.folder, 'config.json');
  if (config['model_type'] === 'whisper') {
    throw new ScopeError('modelUnsupported', `${source.id} reads sound, for which there is no panel`);
  }
  if (typeof config['vision_config'] === 'object' && config['vision_config'] !== null) {
    await models.clipModel(source, owner);
  } else if (config['patch_size'] !== undefined) {
    await models.visionModel(source, owner);
  } else if (await writesTarget(source.folder)) {
    await models.seq2seqModel(source, owner);
  } else {
    await models.attentionModel(source, owner);
  }
}
