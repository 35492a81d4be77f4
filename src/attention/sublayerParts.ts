import type { SublayerSteps } from '../protocol/layerSteps';
import type { ByteRange } from '../scratch/roundToBytes';
import type { SublayerWeights } from '../scratch/sublayerWeights';

/** One token's rows of what half a block computes; what the graph does not show is absent. */
export interface SublayerRows {
  readonly kind: SublayerSteps['kind'];
  readonly stream: Float32Array;
  /** What f reads: the stream, or the stream normalised. */
  readonly input: Float32Array;
  /** What the last matrix multiplies: the heads' outputs side by side, or the activated units. */
  readonly inner: Float32Array;
  /** Where the file makes whole numbers of what it multiplies: the ranges that it does so in. */
  readonly ranges?: { readonly input: ByteRange; readonly inner: ByteRange };
  /** What the matrices in front of the activation give. */
  readonly up?: readonly Float32Array[];
  readonly result: Float32Array;
  readonly sum?: Float32Array;
  readonly after?: Float32Array;
}

/** Half a block: its numbers and its weights. */
export interface SublayerParts {
  readonly rows: SublayerRows;
  readonly weights: SublayerWeights;
  /** What the configuration calls the activation, where the numbers alone leave it open. */
  readonly activation?: string | undefined;
}
