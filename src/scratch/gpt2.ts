import { type DecoderBlockSteps, type DecoderBlockWeights, decoderBlock } from './decoderBlock';
import { add } from './elementwise';
import { embed, learnedPositions } from './embedding';
import { type Linear, applyLinear } from './linear';
import type { Matrix } from './matrix';
import { type Norm, normalize } from './normalization';

/** The weights of a GPT-2 (Radford et al. 2019): decoder blocks without cross attention, norms in front. */
export interface Gpt2 {
  /** `[vocabularySize, modelWidth]` */
  readonly tokens: Matrix;
  /** `[maxPositions, modelWidth]` */
  readonly positions: Matrix;
  readonly blocks: readonly DecoderBlockWeights[];
  /** Behind the last block, since the blocks norm only what they read. */
  readonly finalNorm: Norm;
  /** From the residual stream to the vocabulary, `[modelWidth, vocabularySize]`. */
  readonly unembedding: Linear;
}

export interface Gpt2Input {
  readonly ids: readonly number[];
  /** Whether the steps of every block are kept; for a long text they take much memory. */
  readonly keepSteps?: boolean;
}

export interface Gpt2Run {
  /** What the first block reads, `[positions, modelWidth]`. */
  readonly embedded: Matrix;
  /** One entry a block when they were to be kept, else none. */
  readonly blocks: readonly DecoderBlockSteps[];
  /** What the last block gives, normed, `[positions, modelWidth]`. */
  readonly hidden: Matrix;
  /** `[positions, vocabularySize]`; row i scores the tokens that may follow position i. */
  readonly logits: Matrix;
}

/**
 * A GPT-2 from token numbers to logits.
 * @throws {RangeError} for a number outside the vocabulary, or more tokens than there are positions
 */
export function runGpt2(gpt2: Gpt2, { ids, keepSteps }: Gpt2Input): Gpt2Run {
  const embedded = add(embed(gpt2.tokens, ids), learnedPositions(gpt2.positions, ids.length));
  const blocks: DecoderBlockSteps[] = [];
  let stream = embedded;
  for (const weights of gpt2.blocks) {
    const steps = decoderBlock(weights, stream);
    stream = steps.output;
    if (keepSteps) {
      blocks.push(steps);
    }
  }
  const hidden = normalize(gpt2.finalNorm, stream);
  return { embedded, blocks, hidden, logits: applyLinear(gpt2.unembedding, hidden) };
}
