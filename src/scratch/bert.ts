import { type Activation, activations } from './activations';
import { add, mapElements } from './elementwise';
import { embed, learnedPositions } from './embedding';
import { type EncoderBlockSteps, type EncoderBlockWeights, encoderBlock } from './encoderBlock';
import { type Linear, applyLinear } from './linear';
import { type Matrix, matrix, rowOf } from './matrix';
import { type Norm, normalize } from './normalization';

/** The weights of a BERT (Devlin et al. 2019). */
export interface Bert {
  /** One row a token of the vocabulary, `[vocabularySize, modelWidth]`. */
  readonly tokens: Matrix;
  /** `[maxPositions, modelWidth]` */
  readonly positions: Matrix;
  /** Row 0 for the first sentence, row 1 for the second, `[2, modelWidth]`. */
  readonly sentences: Matrix;
  readonly embeddingNorm: Norm;
  readonly blocks: readonly EncoderBlockWeights[];
  /** Says which token belongs at each position; absent in a model without it. */
  readonly maskedHead?: MaskedHead;
  /** Says whether the second sentence follows the first; absent in a model without it. */
  readonly nextSentenceHead?: NextSentenceHead;
}

interface MaskedHead {
  readonly transform: Linear;
  readonly activation: Activation;
  readonly norm: Norm;
  /** The token embedding turned round, `[modelWidth, vocabularySize]`, with a bias of its own. */
  readonly decoder: Linear;
}

interface NextSentenceHead {
  readonly pooler: Linear;
  /** `[modelWidth, 2]` */
  readonly classifier: Linear;
}

export interface BertInput {
  readonly ids: readonly number[];
  /** 0 or 1 for each token; all 0 when left out. */
  readonly sentences?: readonly number[];
  /** Hides padding, `[positions, positions]`. */
  readonly mask?: Matrix;
  /** Whether the steps of every block are kept; for a long text they take much memory. */
  readonly keepSteps?: boolean;
}

export interface BertRun {
  /** What the first block reads, `[positions, modelWidth]`. */
  readonly embedded: Matrix;
  /** One entry a block when they were to be kept, else none. */
  readonly blocks: readonly EncoderBlockSteps[];
  /** What the last block gives, `[positions, modelWidth]`. */
  readonly hidden: Matrix;
  /** `[positions, vocabularySize]`; row i scores the tokens that may stand at position i. */
  readonly logits?: Matrix;
  /** Two numbers: it follows, it does not; a `[1, 2]`. */
  readonly nextSentence?: Matrix;
}

/**
 * A BERT from token numbers to logits.
 * @throws {RangeError} for a number outside the vocabulary, or more tokens than there are positions
 */
export function runBert(bert: Bert, { ids, sentences, mask, keepSteps }: BertInput): BertRun {
  const summed = add(
    add(embed(bert.tokens, ids), learnedPositions(bert.positions, ids.length)),
    embed(bert.sentences, sentences ?? ids.map(() => 0)),
  );
  const embedded = normalize(bert.embeddingNorm, summed);
  const blocks: EncoderBlockSteps[] = [];
  let hidden = embedded;
  for (const weights of bert.blocks) {
    const steps = encoderBlock(weights, hidden, mask);
    hidden = steps.output;
    if (keepSteps) {
      blocks.push(steps);
    }
  }
  return {
    embedded,
    blocks,
    hidden,
    ...(bert.maskedHead && { logits: maskedLogits(bert.maskedHead, hidden) }),
    ...(bert.nextSentenceHead && { nextSentence: nextSentenceLogits(bert.nextSentenceHead, hidden) }),
  };
}

function maskedLogits(head: MaskedHead, hidden: Matrix): Matrix {
  const transformed = mapElements(applyLinear(head.transform, hidden), activations[head.activation]);
  return applyLinear(head.decoder, normalize(head.norm, transformed));
}

/** Reads the first token, `[CLS]`, only. */
function nextSentenceLogits(head: NextSentenceHead, hidden: Matrix): Matrix {
  const first = matrix(1, hidden.columns, rowOf(hidden, 0));
  const pooled = mapElements(applyLinear(head.pooler, first), activations.tanh);
  return applyLinear(head.classifier, pooled);
}
