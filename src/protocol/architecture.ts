/** What a model is made of, read from its graph and configuration; see `compare/architecture.ts`. */

export const parameterParts = [
  'tokenEmbedding',
  'positionEmbedding',
  'tokenTypeEmbedding',
  'embeddingNorm',
  'embeddingProjection',
  'attention',
  'crossAttention',
  'feedForward',
  'layerNorms',
  'finalNorm',
  'pooler',
  'outputHead',
  'other',
] as const;
export type ParameterPart = (typeof parameterParts)[number];

/** What the last layer's states are turned into. */
export type OutputHead =
  'maskedLanguageModel' | 'nextSentence' | 'classification' | 'replacedTokens' | 'languageModel' | 'none';

export interface Architecture {
  readonly name: string;
  /** `model_type` of the configuration, e.g. `bert`. */
  readonly family: string;
  readonly kind: 'encoder' | 'decoder' | 'encoder-decoder';
  /** Of the only stack, or of the encoder. */
  readonly layers: number;
  readonly decoderLayers?: number;
  readonly numHeads: number;
  readonly numKeyValueHeads: number;
  readonly headSize: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
  /** Longest input in tokens; null where nothing bounds it. */
  readonly maxTokens: number | null;
  readonly positions: 'learned' | 'sinusoidal' | 'rotary' | 'alibi' | 'relative' | 'none' | 'unknown';
  readonly normalization: {
    readonly kind: 'LayerNorm' | 'RMSNorm' | 'unknown';
    readonly placement: 'post' | 'pre' | 'unknown';
  };
  readonly activation: string;
  readonly gatedFeedForward: boolean;
  /** No position sees what follows it. */
  readonly causal: boolean;
  /** The output layer's weights are the word embedding. */
  readonly tiedEmbeddings: boolean;
  /** One set of weights serves every layer (ALBERT). */
  readonly sharedLayers: boolean;
  /** Rows of the segment embedding; 0 without one. */
  readonly tokenTypes: number;
  readonly heads: readonly OutputHead[];
  readonly parameters: {
    readonly total: number;
    readonly parts: readonly { readonly part: ParameterPart; readonly count: number }[];
  };
  readonly fileBytes: number;
  /** How most weights are stored: `fp32`, `fp16`, `int8`, `4-bit`. */
  readonly weightFormat: string;
  /** Floating-point operations for one token of a text of `at` tokens, a multiply-add counted as two. */
  readonly flopsPerToken: {
    readonly at: number;
    readonly value: number;
    readonly attention: number;
    readonly feedForward: number;
    readonly output: number;
  };
  /** Where graph and configuration disagree, e.g. `layers: graph 4, config 6`. */
  readonly disagreements: readonly string[];
}
