import { add } from './elementwise';
import { type FeedForwardSteps, type FeedForwardWeights, feedForward } from './feedForward';
import { causalMask } from './masks';
import type { Matrix } from './matrix';
import { type AttentionWeights, type MultiHeadSteps, multiHeadAttention } from './multiHeadAttention';
import type { Norm } from './normalization';
import { type NormPlacement, type SublayerSteps, addAndNorm } from './residual';

export interface DecoderBlockWeights {
  readonly selfAttention: AttentionWeights;
  readonly selfAttentionNorm: Norm;
  /** Only in an encoder-decoder. */
  readonly crossAttention?: AttentionWeights;
  readonly crossAttentionNorm?: Norm;
  readonly feedForward: FeedForwardWeights;
  readonly feedForwardNorm: Norm;
  readonly placement: NormPlacement;
}

/** What a decoder block reads besides its own tokens. */
export interface DecoderBlockContext {
  /** The encoder's last layer, `[sourcePositions, modelWidth]`. */
  readonly memory?: Matrix;
  /** Hides padding of the source, `[positions, sourcePositions]`. */
  readonly memoryMask?: Matrix;
  /** Hides padding of the decoder's own text, `[positions, positions]`; the causal mask is added here. */
  readonly mask?: Matrix;
}

export interface DecoderBlockSteps {
  readonly selfAttention: SublayerSteps<MultiHeadSteps>;
  readonly crossAttention?: SublayerSteps<MultiHeadSteps>;
  readonly feedForward: SublayerSteps<FeedForwardSteps>;
  /** `[positions, modelWidth]` */
  readonly output: Matrix;
}

/**
 * One layer of a decoder, the right half of figure 1 in Vaswani et al. 2017: every token looks at itself and what
 * stands before it; then, in an encoder-decoder, at the source; then each is worked on by itself. GPT-2 has no source,
 * and so no second step.
 * @param x `[positions, modelWidth]`
 * @throws {RangeError} when the block has cross attention and nothing is given to look at
 */
export function decoderBlock(
  weights: DecoderBlockWeights,
  x: Matrix,
  { memory, memoryMask, mask }: DecoderBlockContext = {},
): DecoderBlockSteps {
  const { placement, crossAttention: crossWeights, crossAttentionNorm } = weights;
  const causal = causalMask(x.rows);
  const selfAttention = addAndNorm(x, weights.selfAttentionNorm, placement, (input) =>
    multiHeadAttention(weights.selfAttention, input, input, mask ? add(causal, mask) : causal),
  );
  let crossAttention: SublayerSteps<MultiHeadSteps> | undefined;
  if (crossWeights && crossAttentionNorm) {
    if (!memory) {
      throw new RangeError('cross attention needs the output of an encoder');
    }
    crossAttention = addAndNorm(selfAttention.output, crossAttentionNorm, placement, (input) =>
      multiHeadAttention(crossWeights, input, memory, memoryMask),
    );
  }
  const last = addAndNorm(
    (crossAttention ?? selfAttention).output,
    weights.feedForwardNorm,
    placement,
    (input) => feedForward(weights.feedForward, input),
  );
  return {
    selfAttention,
    ...(crossAttention && { crossAttention }),
    feedForward: last,
    output: last.output,
  };
}
