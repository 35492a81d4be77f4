import { type FeedForwardSteps, type FeedForwardWeights, feedForward } from './feedForward';
import type { Matrix } from './matrix';
import { type AttentionWeights, type MultiHeadSteps, multiHeadAttention } from './multiHeadAttention';
import type { Norm } from './normalization';
import { type NormPlacement, type SublayerSteps, addAndNorm } from './residual';

export interface EncoderBlockWeights {
  readonly attention: AttentionWeights;
  readonly attentionNorm: Norm;
  readonly feedForward: FeedForwardWeights;
  readonly feedForwardNorm: Norm;
  readonly placement: NormPlacement;
}

export interface EncoderBlockSteps {
  readonly attention: SublayerSteps<MultiHeadSteps>;
  readonly feedForward: SublayerSteps<FeedForwardSteps>;
  /** `[positions, modelWidth]` */
  readonly output: Matrix;
}

/**
 * One layer of an encoder, the left half of figure 1 in Vaswani et al. 2017: every token looks at every token, then
 * each is worked on by itself.
 * @param x `[positions, modelWidth]`
 * @param mask hides padding, `[positions, positions]`
 */
export function encoderBlock(weights: EncoderBlockWeights, x: Matrix, mask?: Matrix): EncoderBlockSteps {
  const { placement } = weights;
  const attention = addAndNorm(x, weights.attentionNorm, placement, (input) =>
    multiHeadAttention(weights.attention, input, input, mask),
  );
  const second = addAndNorm(attention.output, weights.feedForwardNorm, placement, (input) =>
    feedForward(weights.feedForward, input),
  );
  return { attention, feedForward: second, output: second.output };
}
