import { type DecoderBlockSteps, type DecoderBlockWeights, decoderBlock } from './decoderBlock';
import { add, scale } from './elementwise';
import { embed, learnedPositions } from './embedding';
import { type EncoderBlockSteps, type EncoderBlockWeights, encoderBlock } from './encoderBlock';
import { type Linear, applyLinear } from './linear';
import type { Matrix } from './matrix';

/** The embedding at the foot of one of the two stacks. */
export interface MarianEmbedding {
  /** `[vocabularySize, modelWidth]` */
  readonly tokens: Matrix;
  /** Sines and cosines, `[maxPositions, modelWidth]`. */
  readonly positions: Matrix;
  /** √modelWidth, or 1 where the configuration says so (Vaswani et al. 2017, section 3.4). */
  readonly scale: number;
}

/** The weights of a Marian translator: the transformer of Vaswani et al. 2017, encoder and decoder. */
export interface Marian {
  readonly source: MarianEmbedding;
  readonly encoderBlocks: readonly EncoderBlockWeights[];
  readonly target: MarianEmbedding;
  readonly decoderBlocks: readonly DecoderBlockWeights[];
  /** From the decoder to the vocabulary, `[modelWidth, vocabularySize]`. */
  readonly unembedding: Linear;
}

/** The encoder's half of a run. */
export interface MarianEncoding {
  /** What the first block reads, `[sourcePositions, modelWidth]`. */
  readonly embedded: Matrix;
  /** One entry a block when they were to be kept, else none. */
  readonly blocks: readonly EncoderBlockSteps[];
  /** What the decoder looks at, `[sourcePositions, modelWidth]`. */
  readonly memory: Matrix;
}

/** The decoder's half of a run. */
export interface MarianDecoding {
  /** What the first block reads, `[targetPositions, modelWidth]`. */
  readonly embedded: Matrix;
  /** One entry a block when they were to be kept, else none. */
  readonly blocks: readonly DecoderBlockSteps[];
  /** What the last block gives, `[targetPositions, modelWidth]`. */
  readonly hidden: Matrix;
  /** `[targetPositions, vocabularySize]`; row i scores the tokens that may follow position i. */
  readonly logits: Matrix;
}

/**
 * Reads the source text; done once for a translation.
 * @throws {RangeError} for a number outside the vocabulary, or more tokens than there are positions
 */
export function encodeMarian(
  marian: Marian,
  sourceIds: readonly number[],
  keepSteps = false,
): MarianEncoding {
  const embedded = embedTokens(marian.source, sourceIds);
  const blocks: EncoderBlockSteps[] = [];
  let memory = embedded;
  for (const weights of marian.encoderBlocks) {
    const steps = encoderBlock(weights, memory);
    memory = steps.output;
    if (keepSteps) {
      blocks.push(steps);
    }
  }
  return { embedded, blocks, memory };
}

/**
 * Reads what is translated so far, beginning with the start token, and scores what comes next.
 * @param memory of the encoder, `[sourcePositions, modelWidth]`
 * @throws {RangeError} for a number outside the vocabulary, or more tokens than there are positions
 */
export function decodeMarian(
  marian: Marian,
  memory: Matrix,
  targetIds: readonly number[],
  keepSteps = false,
): MarianDecoding {
  const embedded = embedTokens(marian.target, targetIds);
  const blocks: DecoderBlockSteps[] = [];
  let hidden = embedded;
  for (const weights of marian.decoderBlocks) {
    const steps = decoderBlock(weights, hidden, { memory });
    hidden = steps.output;
    if (keepSteps) {
      blocks.push(steps);
    }
  }
  return { embedded, blocks, hidden, logits: applyLinear(marian.unembedding, hidden) };
}

function embedTokens(embedding: MarianEmbedding, ids: readonly number[]): Matrix {
  return add(
    scale(embed(embedding.tokens, ids), embedding.scale),
    learnedPositions(embedding.positions, ids.length),
  );
}
