import { add } from './elementwise';
import type { Matrix } from './matrix';
import { type Norm, normalize } from './normalization';

/** Where the norm stands: behind the addition (the original transformer, BERT), or in front of the sublayer (GPT-2). */
export type NormPlacement = 'post' | 'pre';

/** A sublayer (attention or feed-forward) with what stands around it. */
export interface SublayerSteps<Inner> {
  /** What the sublayer reads. */
  readonly input: Matrix;
  readonly inner: Inner;
  /** The residual stream with the sublayer's output added to it. */
  readonly sum: Matrix;
  readonly output: Matrix;
}

/**
 * A sublayer does not replace the vector of a token, it adds to it:
 *
 *     post:  LayerNorm(x + Sublayer(x))      Vaswani et al. 2017, section 3.1
 *     pre:   x + Sublayer(LayerNorm(x))      Xiong et al. 2020, table 1
 *
 * With `pre` nothing but additions stands between the embeddings and the last layer, so deep models train more easily;
 * one more norm is then needed behind the last layer.
 */
export function addAndNorm<Inner extends { readonly output: Matrix }>(
  x: Matrix,
  norm: Norm,
  placement: NormPlacement,
  sublayer: (input: Matrix) => Inner,
): SublayerSteps<Inner> {
  const input = placement === 'pre' ? normalize(norm, x) : x;
  const inner = sublayer(input);
  const sum = add(x, inner.output);
  return { input, inner, sum, output: placement === 'post' ? normalize(norm, sum) : sum };
}
