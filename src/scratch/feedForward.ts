import { type Activation, activations } from './activations';
import { mapElements, multiplyElements } from './elementwise';
import { type Linear, applyLinear } from './linear';
import type { Matrix } from './matrix';

export interface FeedForwardWeights {
  readonly activation: Activation;
  /** W₁, `[modelWidth, innerWidth]`. */
  readonly up: Linear;
  /** W₂, `[innerWidth, modelWidth]`. */
  readonly down: Linear;
  /** `[modelWidth, innerWidth]`; only in gated layers. */
  readonly gate?: Linear;
}

export interface FeedForwardSteps {
  /** Before the activation, `[positions, innerWidth]`: what the gate gives where there is one. */
  readonly inner: Matrix;
  /** After it, and after the product with the gated half, `[positions, innerWidth]`. */
  readonly activated: Matrix;
  /** `[positions, modelWidth]` */
  readonly output: Matrix;
}

/**
 * The position-wise feed-forward network, Vaswani et al. 2017, equation (2), which had ReLU as its activation:
 *
 *     FFN(x) = activation(x·W₁ + b₁)·W₂ + b₂
 *
 * The gated form of Shazeer 2020, equation (6), has a third matrix; with SiLU it is SwiGLU, used by Llama:
 *
 *     FFN(x) = (activation(x·W_gate) ⊙ x·W_up)·W_down
 *
 * It looks at each position by itself: only attention brings something from one token to another.
 */
export function feedForward(weights: FeedForwardWeights, x: Matrix): FeedForwardSteps {
  const up = applyLinear(weights.up, x);
  const inner = weights.gate ? applyLinear(weights.gate, x) : up;
  const bent = mapElements(inner, activations[weights.activation]);
  const activated = weights.gate ? multiplyElements(bent, up) : bent;
  return { inner, activated, output: applyLinear(weights.down, activated) };
}
