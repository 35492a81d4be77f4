import { errorFunction } from './errorFunction';

/** What a feed-forward layer does to each number between its two matrices. */
export type Activation = 'relu' | 'gelu' | 'geluTanh' | 'silu' | 'quickGelu' | 'tanh';

/** The function itself. */
export const activations: Readonly<Record<Activation, (x: number) => number>> = {
  /** max(0, x): the original transformer. */
  relu: (x) => Math.max(0, x),
  /** x·Φ(x), where Φ is the normal distribution (Hendrycks and Gimpel 2016): BERT. */
  gelu: (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
  /** Its approximation from the same paper: GPT-2. */
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  /** x·σ(x), also called Swish (Ramachandran et al. 2017): Llama, Marian. */
  silu: (x) => x / (1 + Math.exp(-x)),
  /** x·σ(1.702x), a quicker stand-in for GELU (Hendrycks and Gimpel 2016): CLIP. */
  quickGelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  /** BERT's pooler. */
  tanh: Math.tanh,
};
