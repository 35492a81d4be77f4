import type { HeadRequest } from './attention';

/** How a model knows where a token stands, as the inference process tells it; arrays are float32. */

export type PositionsRequest = HeadRequest;

/** A vector for each position. */
export interface PositionTable {
  /** `[numRows, width]`: a row for each position, from position 0 on. */
  readonly rows: ArrayBuffer;
  readonly numRows: number;
  readonly width: number;
  /** How many positions there are in all; null where nothing limits it. */
  readonly total: number | null;
  /** The mean cosine of two rows by their distance, `[numRows]`, from distance 0 on. */
  readonly similarity: ArrayBuffer;
  /** How far a stored table of sines and cosines lies from the one that the formula gives. */
  readonly fromFormula?: number;
}

/** What a head adds to its scores by the distance of key and query. */
export interface PositionBias {
  /** The first distance (key − query), the others follow. */
  readonly from: number;
  readonly values: ArrayBuffer;
}

export interface WithoutPositions {
  /** The head's weights with and without positions, `[queries, keys]`. */
  readonly own: ArrayBuffer;
  readonly without: ArrayBuffer;
  readonly numQueries: number;
  readonly numKeys: number;
  /**
   * How much of its attention each head gives to other tokens than before, `[layers · heads]`: half the summed
   * distance of its weights, averaged over the queries; 0 nothing, 1 all.
   */
  readonly moved: ArrayBuffer;
  readonly numHeads: number;
}

/** Why the model cannot be run without positions: it has none, or they are stored in a way that is not changed. */
export type PositionsKept = 'none' | 'otherFile' | 'packed' | 'notFound';

export interface Positions {
  readonly kind: 'learned' | 'sinusoidal' | 'rotary' | 'alibi' | 'relative' | 'none';
  readonly table: PositionTable | null;
  readonly bias: PositionBias | null;
  readonly without: WithoutPositions | null;
  readonly kept: PositionsKept | null;
  /** Whether a mask still tells the tokens apart by what stands before them. */
  readonly causal: boolean;
}
