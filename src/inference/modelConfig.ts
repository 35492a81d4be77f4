import type { JsonObject } from './modelFolder';
import type { Tokenizer } from './tokenizer';

/** What we read out of `config.json`; families spell the same facts differently. */
export interface ModelConfig {
  readonly modelType: string;
  readonly numHeads: number | undefined;
  /** Undefined where encoder and decoder are counted apart. */
  readonly numLayers: number | undefined;
  /** True for a model that generates from left to right; undefined when the configuration does not say. */
  readonly causal: boolean | undefined;
  readonly isEncoderDecoder: boolean;
  readonly vocabSize: number | undefined;
  /** Longest sequence that the position embeddings allow. */
  readonly maxPositions: number | undefined;
}

/** What `config.json` states of it; a family's own spelling is found by its name. */
export function readConfig(config: JsonObject): ModelConfig {
  const modelType = typeof config['model_type'] === 'string' ? config['model_type'] : 'unknown';
  const positions = firstNumber(config, ['max_position_embeddings', 'n_positions', 'n_ctx', 'seq_length']);
  // RoBERTa counts positions from padding_idx + 1, so two of its embeddings are never used.
  const reserved = /roberta|camembert|xlm-r|mpnet|longformer/.test(modelType)
    ? (firstNumber(config, ['pad_token_id']) ?? 1) + 1
    : 0;
  return {
    modelType,
    numHeads: firstNumber(config, ['num_attention_heads', 'n_head', 'n_heads', 'num_heads']),
    numLayers:
      config['is_encoder_decoder'] === true
        ? undefined
        : firstNumber(config, ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers']),
    isEncoderDecoder: config['is_encoder_decoder'] === true,
    vocabSize: firstNumber(config, ['vocab_size']),
    causal: isCausal(config),
    maxPositions: positions === undefined ? undefined : positions - reserved,
  };
}

/** The longest sequence in tokens, special ones included, that a model reads; Infinity when nothing states one. */
export function longestSequence(
  { maxPositions }: Pick<ModelConfig, 'maxPositions'>,
  tokenizer: Pick<Tokenizer, 'maxTokens'>,
): number {
  return Math.min(maxPositions ?? Infinity, tokenizer.maxTokens ?? Infinity);
}

/** `architectures` names the class that was exported, e.g. `GPT2LMHeadModel`, `LlamaForCausalLM`. */
function isCausal(config: JsonObject): boolean | undefined {
  const architectures = config['architectures'];
  if (!Array.isArray(architectures) || config['is_encoder_decoder'] === true) {
    return undefined;
  }
  return architectures.some((name) => /ForCausalLM$|^GPT2?\w*LMHeadModel$/.test(String(name)))
    ? true
    : undefined;
}

function firstNumber(config: JsonObject, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = config[key];
    if (typeof value === 'number' && Number.isFinite(value)) {
      return value;
    }
  }
  return undefined;
}
