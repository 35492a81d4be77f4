import type { HeadRequest } from './attention';

/** One weight of an attention picture and how it comes about, as the inference process tells it. */

export interface ExplainRequest extends HeadRequest {
  /** Tokens of the run, counted from 0. */
  readonly query: number;
  readonly key: number;
}

/** By what scores are multiplied: 1/√headWidth, nothing, or a number of the model's own. */
export type ScaleKind = 'root' | 'none' | 'own';

/**
 * What is added to a score before the softmax: nothing, a mask, a bias that only depends on the distance of query and
 * key, one that only depends on the key, or something that follows none of these rules.
 */
export type AddendKind = 'none' | 'mask' | 'distance' | 'key' | 'unknown';

/** The numbers from a query and a key to the weight between them and the head's output; arrays are float32. */
export interface ExplainedWeight {
  /** The query's and the key's row, `[headWidth]`, turned already where positions are rotary. */
  readonly q: ArrayBuffer;
  readonly k: ArrayBuffer;
  /** qᵢ·kᵢ, `[headWidth]`. */
  readonly products: ArrayBuffer;
  /** Their sum. */
  readonly score: number;
  readonly scale: number;
  readonly scaleKind: ScaleKind;
  readonly scaled: number;
  readonly addendKind: AddendKind;
  /** 0 for a mask, which stands for −∞. What is unknown is told here and is not in the numbers below. */
  readonly addend: number;
  /** What the softmax sees; null for −∞. */
  readonly masked: number | null;
  readonly rowMaximum: number;
  readonly power: number;
  readonly rowTotal: number;
  readonly weight: number;
  /** The model's own weight. */
  readonly own: number;
  /** How far the recomputed weight lies from it, and the farthest that any does in the query's row. */
  readonly difference: number;
  readonly largestDifference: number;
  /** The length of the head's output at the query. */
  readonly outputNorm: number;
  readonly outputWidth: number;
  /** The keys that bring most into that output, the largest first. */
  readonly terms: readonly ValueTerm[];
  /** How many query heads share this head's keys and values. */
  readonly sharedBy: number;
}

/** What one key brings into a head's output: weight · v. */
export interface ValueTerm {
  readonly key: number;
  readonly weight: number;
  /** The length of v. */
  readonly valueNorm: number;
  /** The length of weight · v. */
  readonly norm: number;
}

/** The steps on the way; each has its function in `src/scratch`. */
export const codeSteps = [
  ...(['product', 'scale', 'mask', 'softmax', 'weight', 'values'] as const),
  ...(['heads', 'add', 'norm', 'feedForward', 'encoderBlock', 'decoderBlock'] as const),
  ...(['learned', 'sinusoidal', 'rotary', 'alibi'] as const),
] as const;
export type CodeStep = (typeof codeSteps)[number];
