import type { ExampleName } from '../attention/effectExamples';
import type { ModelSource } from '../protocol/model';
import type { HubAccess } from './hubAccess';
import { configOf } from './modelConfig';
import type { Models } from './models';

/** GPT-2 small has twelve layers; smaller decoders have not been seen to do indirect objects. */
const enoughLayers = 12;

/**
 * Where indirect objects are looked into: in the chosen model or a downloaded GPT-2 that is large enough to do them;
 * else in the bundled decoder, with a task that it does.
 */
export async function exampleModel(
  models: Models,
  access: HubAccess,
): Promise<{ readonly model: ModelSource; readonly example: ExampleName }> {
  const current = models.current();
  const downloaded = (await access.store().models()).map(({ folder }) => models.sourceOf(folder));
  for (const model of [current, ...downloaded]) {
    if (await mayDoIndirectObjects(model, model === current)) {
      return { model, example: 'ioi' };
    }
  }
  return { model: models.bundledSource('scope-gpt'), example: 'words' };
}

async function mayDoIndirectObjects({ folder }: ModelSource, isChosen: boolean): Promise<boolean> {
  const config = await configOf(folder);
  const layers = Number(config['n_layer'] ?? config['num_hidden_layers'] ?? 0);
  const isDecoder = /CausalLM|LMHeadModel/.test([config['architectures']].flat().join(' '));
  return isDecoder && layers >= enoughLayers && (isChosen || config['model_type'] === 'gpt2');
}
