import type { AskedModel } from '../protocol/prompts';
import { isLocal } from '../protocol/prompts';
import type { Place } from './place';

/** A model as a file names it: without a provider it is one of this computer; a bundled one needs only its id. */
export function readModel(at: Place): AskedModel {
  if (typeof at.value === 'string') {
    return { id: at.value, folder: '' };
  }
  const provider = at.field('provider').oneOf(['local', 'server', 'editor'], 'local');
  if (provider === 'local') {
    return { id: at.field('id').text(), folder: at.field('folder').text('') };
  }
  const model = at.field('model').text();
  if (provider === 'editor') {
    return { id: at.field('id').text(model), provider, model };
  }
  const endpoint = at.field('endpoint').text();
  return {
    id: at.field('id').text(`${model}@${endpoint}`),
    provider,
    endpoint,
    model,
    api: at.field('api').oneOf(['chat', 'completions'], 'chat'),
  };
}

/** The shortest form that {@link readModel} reads as the same model. */
export function writtenModel(model: AskedModel): unknown {
  return isLocal(model) && model.folder === '' ? model.id : model;
}
