/** What a layer does to one token, from the numbers that the model itself computed; arrays are float32. */

export interface LayerStepsRequest {
  readonly runId: number;
  /** Zero-based, as in every library. */
  readonly layer: number;
  /** The token of the run whose vector is followed, counted from 0. */
  readonly query: number;
  /** The one number of the vector that is taken apart. */
  readonly dimension: number;
}

/** A vector of the model beside the same vector recomputed from the model's own numbers one step before. */
export interface StepVector {
  /** Null where the graph does not show it. */
  readonly own: ArrayBuffer | null;
  readonly found: ArrayBuffer;
  /** The largest distance between the two; null where there is nothing to hold it against. */
  readonly difference: number | null;
}

export interface NormStep extends StepVector {
  readonly form: 'layer' | 'rms';
  readonly epsilon: number;
  /** What is normalised. */
  readonly input: ArrayBuffer;
  /** 0 for an RMSNorm, which takes no mean off. */
  readonly mean: number;
  /** The root of variance (or mean square) and ε. */
  readonly spread: number;
  readonly scale: ArrayBuffer;
  readonly shift: ArrayBuffer | null;
}

/** What each head adds. */
export interface SharesStep {
  /** The output of each head through its slice of W_O, `[numHeads, width]`. */
  readonly shares: ArrayBuffer;
  readonly numHeads: number;
  readonly bias: ArrayBuffer | null;
}

/** A unit of the feed-forward layer and what it adds to the number that is taken apart. */
export interface UnitTerm {
  readonly unit: number;
  readonly inner: number;
  readonly activated: number;
  /** Its weight in the last matrix. */
  readonly weight: number;
  readonly term: number;
}

export interface FeedForwardStep {
  readonly activation: 'relu' | 'gelu' | 'geluTanh' | 'silu' | 'quickGelu' | 'tanh';
  readonly gated: boolean;
  readonly innerWidth: number;
  /** Before the activation; of a gated layer what is bent by it. */
  readonly inner: StepVector;
  readonly activated: StepVector;
  /** How many of the units the activation leaves at nearly nothing. */
  readonly quiet: number;
  /** The largest terms of the number that is taken apart, and what stands beside them. */
  readonly terms: readonly UnitTerm[];
  readonly bias: number;
}

/** Half a block: `x + f(x)`. */
export interface SublayerSteps {
  readonly kind: 'self' | 'cross' | 'feedForward';
  /** x, the residual stream of the token. */
  readonly stream: ArrayBuffer;
  readonly before: NormStep | null;
  readonly shares: SharesStep | null;
  readonly feedForward: FeedForwardStep | null;
  /** f(x). */
  readonly result: StepVector;
  readonly sum: StepVector;
  readonly after: NormStep | null;
}

/** Why the steps end early: another wiring of the layer, or weights that are stored in a way that is not read. */
export interface LayerGap {
  readonly why: 'attention' | 'feedForward' | 'weights';
  readonly detail?: string;
}

export interface LayerSteps {
  readonly width: number;
  readonly sublayers: readonly SublayerSteps[];
  /** What leaves the layer, recomputed all the way from the heads' outputs. */
  readonly output: StepVector;
  /** Whether the file multiplies whole numbers: then it rounds what it multiplies, and the differences are that. */
  readonly rounds: boolean;
  /** Whether numbers have 16 bits. */
  readonly half: boolean;
  readonly gap: LayerGap | null;
}
