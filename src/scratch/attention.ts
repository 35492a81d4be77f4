import { add, scale } from './elementwise';
import type { Matrix } from './matrix';
import { multiply, multiplyByTransposed } from './matrixProduct';
import { softmaxRows } from './softmax';

/** What is added to the scores, and by what they are multiplied. */
export interface AttentionOptions {
  /** 0 or −∞, `[queryPositions, keyPositions]`; see `masks.ts`. */
  readonly mask?: Matrix;
  /** A preference for some distances, `[queryPositions, keyPositions]`; see `alibi.ts`. */
  readonly bias?: Matrix;
  /** 1/√d_k when it is left out. */
  readonly scale?: number;
}

/** One head, step by step. */
export interface AttentionSteps {
  /** Q·Kᵀ: how well each query fits each key, `[queryPositions, keyPositions]`. */
  readonly scores: Matrix;
  /** The scores divided by √d_k. */
  readonly scaled: Matrix;
  /** With bias and mask: what the softmax sees. */
  readonly masked: Matrix;
  /** Each row is positive and sums to 1. */
  readonly weights: Matrix;
  /** For each query the weighted mean of the values, `[queryPositions, valueWidth]`. */
  readonly output: Matrix;
}

/**
 * Scaled dot-product attention, Vaswani et al. 2017, equation (1):
 *
 *     Attention(Q, K, V) = softmax(Q·Kᵀ / √d_k)·V
 *
 * The dot product of two vectors of d_k independent numbers of variance 1 has variance d_k. Dividing by √d_k brings it
 * back to 1; otherwise the softmax would give nearly all to one key, where its gradients vanish (section 3.2.1).
 * @param q `[queryPositions, headWidth]`
 * @param k `[keyPositions, headWidth]`
 * @param v `[keyPositions, valueWidth]`
 */
export function scaledDotProductAttention(
  q: Matrix,
  k: Matrix,
  v: Matrix,
  options: AttentionOptions = {},
): AttentionSteps {
  const scores = multiplyByTransposed(q, k);
  const scaled = scale(scores, options.scale ?? 1 / Math.sqrt(q.columns));
  const biased = options.bias ? add(scaled, options.bias) : scaled;
  const masked = options.mask ? add(biased, options.mask) : biased;
  const weights = softmaxRows(masked);
  const output = multiply(weights, v);
  return { scores, scaled, masked, weights, output };
}
