import type { ModelInfo, Token } from './model';
import type { PatchGrid } from './picture';
import type { StackName } from './seq2seq';

/** All heads, small: `data[((layer * numHeads + head) * size + y) * size + x]`, 255 = weight 1. */
export interface Thumbnails {
  /** Pixels along each edge: the token count, or fewer when cells were max-pooled. */
  readonly size: number;
  readonly data: ArrayBuffer;
}

/** What one run found; tensors stay with the inference process under `runId`. */
export interface AttentionRun {
  readonly runId: number;
  readonly model: ModelInfo;
  readonly tokens: readonly Token[];
  /** Tokens of the whole text, special tokens included; more than `tokens.length` when it was cut. */
  readonly totalTokens: number;
  /** True when the text was so long that only its beginning was counted. */
  readonly totalIsLowerBound: boolean;
  /** UTF-16 range of the text that `tokens` covers. */
  readonly covered: { readonly start: number; readonly end: number };
  /** The word of each token: equal numbers of neighbours are one word (UAX 29). */
  readonly words: readonly number[];
  /** True when every head's upper triangle is zero: no position sees what follows it. */
  readonly causal: boolean;
  readonly thumbnails: Thumbnails;
  readonly milliseconds: { readonly tokenize: number; readonly forward: number };
  /** The first token of the second text, where there are two: a sentence pair, or source and target. */
  readonly secondFrom?: number;
  /** The kinds of attention of an encoder-decoder; `runId`, `causal` and `thumbnails` are those of the first. */
  readonly stacks?: readonly AttentionStack[];
  /** The target that an encoder-decoder wrote; its tokens' ranges follow the text, after one line break. */
  readonly written?: string;
  /** Of a picture: which token is which part of it. */
  readonly grid?: PatchGrid;
  /** Failed self-checks, as codes with a number; empty when the weights are what attention must be. */
  readonly warnings: readonly AttentionWarning[];
}

/** One kind of attention of an encoder-decoder. All that is asked of it is asked by its own `runId`. */
export interface AttentionStack {
  readonly name: StackName;
  readonly runId: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly causal: boolean;
  readonly thumbnails: Thumbnails;
}

/** A self-check that failed. */
export type AttentionWarning =
  /** The largest deviation of a row's sum from 1. */
  | { readonly kind: 'rowsDoNotSumToOne'; readonly deviation: number }
  /** The configuration tells of another number of layers than have attention in the graph. */
  | { readonly kind: 'layersDiffer'; readonly expected: number; readonly found: number }
  /** The configuration is a decoder's, but tokens attend to what follows them, at most this much. */
  | { readonly kind: 'notCausal'; readonly weight: number };

export interface HeadRequest {
  readonly runId: number;
  /** Zero-based, as in every library. */
  readonly layer: number;
  readonly head: number;
}

/** Row-major `Float32` weights, `[queries, keys]`. */
export interface HeadWeights {
  readonly weights: ArrayBuffer;
}

/** Several heads as one picture. */
export interface CombinedRequest {
  readonly runId: number;
  /** `rollout` and `flow` take every head of the layers up to the last one named, and read no single heads. */
  readonly how: 'mean' | 'max' | 'rollout' | 'flow';
  /** At least one. */
  readonly heads: readonly { readonly layer: number; readonly head: number }[];
}

/** Thumbnails with some tokens left out. */
export interface ThumbnailsRequest {
  readonly runId: number;
  /** Indices of the queries that stay, ascending; of the keys too, unless `keys` says otherwise. */
  readonly kept: readonly number[];
  readonly keys?: readonly number[];
  /** The keys whose weights are renormalised together, `keys` among them; the same when absent. */
  readonly among?: readonly number[];
  readonly renormalise: boolean;
}

/** What each head does, as `attention/patternTable` packs it: float32 `[layers * heads, 12]`. */
export interface HeadTable {
  readonly data: ArrayBuffer;
}

/** A stretch of the analysed text, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** How much the tokens of a stretch attend to each of several groups of stretches. */
export interface SharesRequest {
  readonly runId: number;
  readonly queries: TextRange;
  /** A token belongs to the first group that it touches. */
  readonly groups: readonly (readonly TextRange[])[];
  /** Take the rows from which the queries' tokens were predicted, as in a decoder. */
  readonly predicting: boolean;
}

/** Float32 `[layers, heads, groups + 1]`; the last group is the text's first token. */
export interface Shares {
  readonly numLayers: number;
  readonly numHeads: number;
  readonly shares: ArrayBuffer;
}
