/** What `config.json` says; families spell the same facts differently. Undefined where it says nothing. */
export interface ConfigFacts {
  readonly family: string;
  readonly layers: number | undefined;
  readonly decoderLayers: number | undefined;
  readonly numHeads: number | undefined;
  readonly numKeyValueHeads: number | undefined;
  readonly hiddenSize: number | undefined;
  readonly feedForwardSize: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly maxPositions: number | undefined;
  readonly tokenTypes: number | undefined;
  readonly activation: string | undefined;
  /** The class that was exported says so. */
  readonly causal: boolean | undefined;
  readonly tied: boolean;
  readonly positions: 'alibi' | 'relative' | 'sinusoidal' | undefined;
  readonly normalization: 'LayerNorm' | 'RMSNorm';
  readonly architectures: readonly string[];
  /** Rows of the position table that no token ever gets: RoBERTa counts from its padding's number on. */
  readonly reservedPositions: number;
}

/** Families whose configuration leaves out that input and output embedding are two. */
const untiedFamilies = new Set([
  'llama',
  'mistral',
  'mixtral',
  'phi',
  'phi3',
  'gpt_neox',
  'gptj',
  'falcon',
  'qwen2',
  'qwen3',
]);

export function readConfigFacts(config: Readonly<Record<string, unknown>>): ConfigFacts {
  const number = (...keys: readonly string[]): number | undefined => {
    const found = keys
      .map((key) => config[key])
      .find((value) => typeof value === 'number' && Number.isFinite(value));
    return typeof found === 'number' ? found : undefined;
  };
  const word = (...keys: readonly string[]): string | undefined => {
    const found = keys.map((key) => config[key]).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found : undefined;
  };
  const family = word('model_type') ?? 'unknown';
  const architectures = Array.isArray(config['architectures']) ? config['architectures'].map(String) : [];
  const tied = config['tie_word_embeddings'];
  return {
    family,
    layers: number('encoder_layers', 'num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'),
    decoderLayers: number('decoder_layers', 'num_decoder_layers'),
    numHeads: number('num_attention_heads', 'n_head', 'n_heads', 'num_heads', 'encoder_attention_heads'),
    numKeyValueHeads: number('num_key_value_heads'),
    hiddenSize: number('hidden_size', 'n_embd', 'd_model', 'dim'),
    feedForwardSize: number(
      'intermediate_size',
      'n_inner',
      'hidden_dim',
      'd_ff',
      'ffn_dim',
      'encoder_ffn_dim',
    ),
    vocabularySize: number('vocab_size'),
    maxPositions: number('max_position_embeddings', 'n_positions', 'n_ctx', 'seq_length'),
    tokenTypes: number('type_vocab_size'),
    activation: word(
      'hidden_act',
      'activation_function',
      'hidden_activation',
      'activation',
      'feed_forward_proj',
    ),
    causal:
      architectures.length === 0 || config['is_encoder_decoder'] === true
        ? undefined
        : architectures.some((name) => /ForCausalLM$|^GPT2?\w*LMHeadModel$|DoubleHeadsModel$/.test(name)) ||
          undefined,
    tied: typeof tied === 'boolean' ? tied : !untiedFamilies.has(family),
    positions: positionsOf(family, config),
    normalization: config['rms_norm_eps'] === undefined && family !== 't5' ? 'LayerNorm' : 'RMSNorm',
    architectures,
    reservedPositions: /roberta|camembert|xlm-r|mpnet|longformer/.test(family)
      ? (number('pad_token_id') ?? 1) + 1
      : 0,
  };
}

/** Where a graph shows no table of positions and nothing that turns. */
function positionsOf(family: string, config: Readonly<Record<string, unknown>>): ConfigFacts['positions'] {
  if (config['alibi'] === true || family === 'bloom' || family === 'mpt') {
    return 'alibi';
  }
  if (['marian', 'fsmt', 'pegasus', 'm2m_100', 'ctrl', 'xglm'].includes(family)) {
    return 'sinusoidal';
  }
  return ['t5', 'mt5', 'deberta', 'deberta-v2', 'mpnet', 'xlnet'].includes(family) ? 'relative' : undefined;
}
