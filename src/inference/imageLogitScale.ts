import type { LogitScale } from '../protocol/vision';
import { dot, normalized } from '../attention/vectorSearch';
import type { Given, ImageTower } from './imageTower';
import type { JsonObject } from './modelFolder';
import type { OutputTensor } from './runtime';

/**
 * The trained scale of a graph with both towers: `logits_per_image` divided by the cosines it was made
 * of, by least squares over some pairs, for the scale itself is rarely an output.
 * @returns undefined when the graph does not give what this takes.
 */
export async function measureScale(whole: ImageTower, pairs: readonly Given[]): Promise<number | undefined> {
  const names = ['logits_per_image', 'image_embeds', 'text_embeds'];
  if (!names.every((name) => whole.gives(name))) {
    return undefined;
  }
  let products = 0;
  let squares = 0;
  for (const pair of pairs) {
    const [logits, image, text] = (await whole.outputs(names, pair)) as [
      OutputTensor,
      OutputTensor,
      OutputTensor,
    ];
    const cosine = dot(normalized(image.data), normalized(text.data));
    products += logits.data[0]! * cosine;
    squares += cosine * cosine;
  }
  return squares > 1e-6 ? products / squares : undefined;
}

/** Where training began, not where it ended: OpenAI's models ended at 100. */
export function configuredScale(config: JsonObject): LogitScale {
  const stated = config['logit_scale_init_value'];
  // The default of transformers' CLIPConfig.
  return { value: Math.exp(typeof stated === 'number' ? stated : 2.6592), source: 'config' };
}
