import type { PatchGrid } from '../protocol/picture';
import { type HeadPatterns, meanEntropy, meanOver } from './headPatterns';
import { type LayerWeights, headOf } from './weights';

/**
 * What can be said of a head on a picture: how much each patch spends on itself, on the eight patches around it and
 * on [CLS], and how broadly it looks. Patches have no order and no repetition, so the patterns of texts are NaN.
 */
export function picturePatterns(
  layer: LayerWeights,
  head: number,
  { rows, columns, numSpecial }: Pick<PatchGrid, 'rows' | 'columns' | 'numSpecial'>,
): HeadPatterns {
  const n = layer.numTokens;
  const weights = headOf(layer, head);
  const at = (query: number, key: number): number => weights[query * n + key] as number;
  const near = (query: number): number => {
    const patch = query - numSpecial;
    if (patch < 0) {
      return NaN;
    }
    const [row, column] = [Math.floor(patch / columns), patch % columns];
    let sum = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        if (y !== row || x !== column) {
          sum += at(query, numSpecial + y * columns + x);
        }
      }
    }
    return sum;
  };
  const special = (query: number): number => {
    let sum = 0;
    for (let key = 0; key < numSpecial; key++) {
      sum += at(query, key);
    }
    return numSpecial === 0 ? NaN : sum;
  };
  return {
    previous: NaN,
    next: NaN,
    first: NaN,
    punctuation: NaN,
    duplicate: NaN,
    induction: NaN,
    offset: 0,
    offsetScore: NaN,
    self: meanOver(n, (query) => at(query, query)),
    near: meanOver(n, near),
    special: meanOver(n, special),
    entropy: meanEntropy(weights, n, n, false),
  };
}
