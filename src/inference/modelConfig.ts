import type { JsonObject } from './modelFolder';

/** What we read out of `config.json`; families spell the same facts differently. */
export interface ModelConfig {
  readonly modelType: string;
  readonly numHeads: number | undefined;
  /** Longest sequence that the position embeddings allow. */
  readonly maxPositions: number | undefined;
}

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
    maxPositions: positions === undefined ? undefined : positions - reserved,
  };
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
