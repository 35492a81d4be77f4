type Config = Readonly<Record<string, unknown>>;

/** How the list of models is divided, in its order. */
export const modelGroups = [
  'attention',
  'generation',
  'sentiment',
  'pictures',
  'translation',
  'other',
] as const;
export type ModelGroup = (typeof modelGroups)[number];

/** What a configuration says of a model's size; families spell the same facts differently. */
export interface ModelShape {
  /** Of an encoder-decoder the encoder's; of CLIP the picture tower's. */
  readonly numLayers?: number;
  /** Only where there is a second stack. */
  readonly numDecoderLayers?: number;
  readonly numHeads?: number;
  /** The longest input in tokens. */
  readonly maxTokens?: number;
  /** Pixels of the square that pictures are scaled to, and of a patch in it. */
  readonly imageSize?: number;
  readonly patchSize?: number;
}

/**
 * Where a model stands in the list.
 * @param task as on the Hugging Face hub, e.g. `fill-mask`
 * @param config of `config.json`; empty where there is none yet
 */
export function groupOf(task: string | undefined, config: Config): ModelGroup {
  const { architectures, vision_config: tower, patch_size: patch, is_encoder_decoder: hasTwo } = config;
  const classes = Array.isArray(architectures) ? architectures.join(' ') : '';
  if (/speech|audio/.test(task ?? '') || config['model_type'] === 'whisper') {
    return 'other';
  }
  if (tower !== undefined || patch !== undefined || task?.includes('image')) {
    return 'pictures';
  }
  if (hasTwo === true || /translation|text2text|summarization/.test(task ?? '')) {
    return 'translation';
  }
  if (/ForSequenceClassification/.test(classes) || task === 'text-classification') {
    return 'sentiment';
  }
  return /CausalLM|LMHeadModel/.test(classes) || task === 'text-generation' ? 'generation' : 'attention';
}

/** Layers, heads and lengths, as far as a configuration tells. */
export function shapeOf(config: Config): ModelShape {
  const tower = config['vision_config'];
  const isClip = typeof tower === 'object' && tower !== null;
  const facts = isClip ? (tower as Config) : config;
  const numLayers = firstNumber(facts, [
    'encoder_layers',
    'num_hidden_layers',
    'n_layer',
    'n_layers',
    'num_layers',
  ]);
  const numDecoderLayers =
    config['is_encoder_decoder'] === true
      ? firstNumber(facts, ['decoder_layers', 'num_decoder_layers'])
      : undefined;
  const numHeads = firstNumber(facts, [
    'encoder_attention_heads',
    'num_attention_heads',
    'n_head',
    'n_heads',
    'num_heads',
  ]);
  const positions = firstNumber(facts, ['max_position_embeddings', 'n_positions', 'n_ctx', 'seq_length']);
  // RoBERTa counts positions from behind the padding token's, so some are never used.
  const reserved = /roberta|camembert|xlm-r|mpnet|longformer/.test(String(config['model_type']))
    ? (firstNumber(config, ['pad_token_id']) ?? 1) + 1
    : 0;
  const imageSize = firstNumber(facts, ['image_size']);
  const patchSize = firstNumber(facts, ['patch_size']);
  return {
    ...(numLayers === undefined ? {} : { numLayers }),
    ...(numDecoderLayers === undefined ? {} : { numDecoderLayers }),
    ...(numHeads === undefined ? {} : { numHeads }),
    ...(positions === undefined || patchSize !== undefined ? {} : { maxTokens: positions - reserved }),
    ...(imageSize === undefined ? {} : { imageSize }),
    ...(patchSize === undefined ? {} : { patchSize }),
  };
}

function firstNumber(config: Config, keys: readonly string[]): number | undefined {
  return keys.map((key) => config[key]).find((value): value is number => typeof value === 'number');
}
