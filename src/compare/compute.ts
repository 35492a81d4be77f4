import type { FlopsPerToken } from '../protocol/architecture';
import type { PlacedUse } from './assignParts';
import type { Projection } from './weightUses';

/** The width of all heads of one attention block. */
export interface BlockWidth {
  readonly numHeads: number;
  readonly headSize: number;
}

/**
 * Floating point operations of a forward pass per token of a text of `at` tokens.
 *
 * Hoffmann et al. 2022 (arXiv 2203.15556), appendix F, with two operations per multiplication and addition:
 * a matrix of `m × n` costs `2·m·n` per token wherever it is used, so shared layers cost as much as others; queries
 * with keys and weights with values cost `2 · 2·at·heads·headSize` per block. Not counted are, as in Kaplan et al.
 * 2020 (arXiv 2001.08361), table 1, the looking up of embeddings, biases, norms, softmax and activation. A causal model
 * is counted with its whole square of scores, as runtimes compute it, and what reads one vector of the text (pooler,
 * classifier) not at all. Of an encoder-decoder it is the cost of a token in each stack together.
 */
export function flopsPerToken(
  placed: readonly PlacedUse[],
  blocks: readonly BlockWidth[],
  at: number,
): FlopsPerToken {
  const matrices = (...parts: readonly string[]): number =>
    placed
      .filter(({ use, part, perText }) => use.kind === 'projection' && parts.includes(part) && !perText)
      .reduce((sum, { use }) => sum + 2 * (use as Projection).inSize * (use as Projection).outSize, 0);
  const products = blocks.reduce((sum, { numHeads, headSize }) => sum + 4 * at * numHeads * headSize, 0);
  const attention = matrices('attention', 'crossAttention') + products;
  const feedForward = matrices('feedForward', 'embeddingProjection');
  const embeddingOut = matrices('outputHead');
  return { at, value: attention + feedForward + embeddingOut, attention, feedForward, embeddingOut };
}
