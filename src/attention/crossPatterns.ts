import { type HeadPatterns, type PatternTokens, meanEntropy, meanOver } from './headPatterns';
import { type LayerWeights, headOf, keysOf } from './weights';

/**
 * What can be said of a head whose keys are of another text than its queries: how broadly it looks, and how much
 * goes to the first key, to special tokens and to punctuation. Positions of two texts have no distance, so the
 * other patterns are NaN.
 */
export function crossPatterns(
  layer: LayerWeights,
  head: number,
  keys: Pick<PatternTokens, 'special' | 'punctuation'>,
): HeadPatterns {
  const weights = headOf(layer, head);
  const numKeys = keysOf(layer);
  const among = (isMember: (key: number) => boolean): number => {
    const members = [...keys.special.keys()].filter(isMember);
    return members.length === 0
      ? NaN
      : meanOver(layer.numTokens, (query) =>
          members.reduce((sum, key) => sum + (weights[query * numKeys + key] as number), 0),
        );
  };
  return {
    previous: NaN,
    next: NaN,
    self: NaN,
    near: NaN,
    duplicate: NaN,
    induction: NaN,
    offset: 0,
    offsetScore: NaN,
    first: among((key) => key === 0),
    special: among((key) => keys.special[key] === true),
    punctuation: among((key) => keys.punctuation[key] === true),
    entropy: meanEntropy(weights, layer.numTokens, numKeys, false),
  };
}
