/** What a model is made of, as read from its graph; plain data for the page and the report. */
export interface Architecture {
  readonly name: string;
  /** `model_type` of the configuration, e.g. `bert`. */
  readonly family: string;
  readonly kind: 'encoder' | 'decoder' | 'encoder-decoder';
  /** Blocks of the encoder, or of the only stack. */
  readonly layers: number;
  readonly decoderLayers?: number;
  readonly numHeads: number;
  readonly numKeyValueHeads: number;
  /** Width of one head. */
  readonly headSize: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  /** Width of a token's embedding where it differs from the hidden size (ALBERT, ELECTRA). */
  readonly embeddingSize: number;
  readonly vocabularySize: number;
  /** Longest text in tokens; null where nothing limits it. */
  readonly maxTokens: number | null;
  readonly positions: 'learned' | 'sinusoidal' | 'rotary' | 'alibi' | 'relative' | 'none';
  readonly normalization: { readonly kind: 'LayerNorm' | 'RMSNorm'; readonly placement: 'post' | 'pre' };
  /** `gelu`, `gelu_tanh`, `relu`, `silu`, `quick_gelu`, `tanh`, or what the configuration calls it. */
  readonly activation: string;
  readonly gatedFeedForward: boolean;
  /** Whether the stack that reads (of two: the one that writes) sees only the past. */
  readonly causal: boolean;
  /** Whether the output layer is the token embedding turned round; null where the model gives no word. */
  readonly tiedEmbeddings: boolean | null;
  /** One set of weights used by all layers. */
  readonly sharedLayers: boolean;
  /** Rows of the token type embedding; 0 without one. */
  readonly tokenTypes: number;
  readonly heads: readonly HeadKind[];
  readonly parameters: {
    readonly total: number;
    readonly parts: readonly PartCount[];
    /** Numbers stored in matrices whose use was not understood; 0 where all were placed. */
    readonly unplaced: number;
  };
  /** With files beside the graph. */
  readonly fileBytes: number;
  /** What most parameters are stored as. */
  readonly weightFormat: WeightFormat;
  readonly formats: readonly { readonly format: WeightFormat; readonly parameters: number }[];
  readonly flopsPerToken: FlopsPerToken;
  /** Where graph and configuration differ; the graph is believed. */
  readonly disagreements: readonly Disagreement[];
}

export type HeadKind =
  | 'maskedLanguageModel'
  | 'languageModel'
  | 'nextSentence'
  | 'classification'
  | 'tokenClassification'
  | 'replacedTokenDetection';

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
] as const;

export type ParameterPart = (typeof parameterParts)[number];

export type StackName = 'encoder' | 'decoder';

export interface PartCount {
  readonly part: ParameterPart;
  /** Of a model with two stacks; what both share is counted for the first. */
  readonly stack?: StackName;
  readonly count: number;
}

export type WeightFormat = 'fp32' | 'fp16' | 'bf16' | 'int8' | '4-bit' | 'other';

/** Floating point operations of a forward pass, a multiplication and an addition being two. */
export interface FlopsPerToken {
  /** Length of the text in tokens: the products of attention grow with it. */
  readonly at: number;
  readonly value: number;
  readonly attention: number;
  readonly feedForward: number;
  readonly embeddingOut: number;
}

export interface Disagreement {
  readonly what:
    | 'layers'
    | 'decoderLayers'
    | 'numHeads'
    | 'numKeyValueHeads'
    | 'hiddenSize'
    | 'feedForwardSize'
    | 'vocabularySize'
    | 'maxTokens'
    | 'tokenTypes'
    | 'causal'
    | 'tiedEmbeddings';
  readonly graph: number | boolean;
  readonly config: number | boolean;
}
