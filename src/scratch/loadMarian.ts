import { type ModelConfig, activationIn, numberIn, requireKind } from './configValues';
import type { DecoderBlockWeights } from './decoderBlock';
import type { EncoderBlockWeights } from './encoderBlock';
import type { FeedForwardWeights } from './feedForward';
import type { Marian, MarianEmbedding } from './marian';
import { transpose } from './matrix';
import type { ModelWeights } from './modelWeights';
import type { AttentionWeights } from './multiHeadAttention';
import type { Norm } from './normalization';

/** PyTorch's default, which Marian's configuration does not name. */
const epsilon = 1e-5;

/**
 * Puts the weights of a Marian translator where the code here looks for them. Its two halves are two files; where they
 * are one, it is given twice.
 * @param config its `config.json`
 * @throws {ScopeError} for another kind of model, or when weights are missing
 */
export function loadMarian(encoder: ModelWeights, decoder: ModelWeights, config: ModelConfig): Marian {
  requireKind(config, 'marian', ['normalize_before', 'normalize_embedding', 'add_final_layer_norm']);
  const activation = activationIn(config, 'activation_function', 'gelu');
  const attention = (weights: ModelWeights, name: string, numHeads: number): AttentionWeights => ({
    numHeads,
    query: weights.linear(`${name}.q_proj`),
    key: weights.linear(`${name}.k_proj`),
    value: weights.linear(`${name}.v_proj`),
    output: weights.linear(`${name}.out_proj`),
  });
  const feedForward = (weights: ModelWeights, name: string): FeedForwardWeights => ({
    activation,
    up: weights.linear(`${name}.fc1`),
    down: weights.linear(`${name}.fc2`),
  });
  const encoderBlock = (layer: number): EncoderBlockWeights => {
    const at = `encoder.layers.${layer}`;
    return {
      attention: attention(encoder, `${at}.self_attn`, numberIn(config, 'encoder_attention_heads')),
      attentionNorm: norm(encoder, `${at}.self_attn_layer_norm`),
      feedForward: feedForward(encoder, at),
      feedForwardNorm: norm(encoder, `${at}.final_layer_norm`),
      placement: 'post',
    };
  };
  const decoderBlock = (layer: number): DecoderBlockWeights => {
    const at = `decoder.layers.${layer}`;
    const numHeads = numberIn(config, 'decoder_attention_heads');
    return {
      selfAttention: attention(decoder, `${at}.self_attn`, numHeads),
      selfAttentionNorm: norm(decoder, `${at}.self_attn_layer_norm`),
      crossAttention: attention(decoder, `${at}.encoder_attn`, numHeads),
      crossAttentionNorm: norm(decoder, `${at}.encoder_attn_layer_norm`),
      feedForward: feedForward(decoder, at),
      feedForwardNorm: norm(decoder, `${at}.final_layer_norm`),
      placement: 'post',
    };
  };
  const scale = config['scale_embedding'] === true ? Math.sqrt(numberIn(config, 'd_model')) : 1;
  const embedding = (weights: ModelWeights, stack: string): MarianEmbedding => ({
    tokens: weights.table('shared.weight', `${stack}.embed_tokens.weight`, 'lm_head.weight'),
    positions: weights.table(`${stack}.embed_positions.weight`),
    scale,
  });
  const target = embedding(decoder, 'decoder');
  const bias = decoder.optionalVector('final_logits_bias');
  const { weight } = decoder.optionalLinear('lm_head') ?? { weight: transpose(target.tokens) };
  return {
    source: embedding(encoder, 'encoder'),
    encoderBlocks: layersOf(config, 'encoder_layers', encoderBlock),
    target,
    decoderBlocks: layersOf(config, 'decoder_layers', decoderBlock),
    unembedding: { weight, ...(bias && { bias }) },
  };
}

function layersOf<Block>(config: ModelConfig, key: string, block: (layer: number) => Block): Block[] {
  return Array.from({ length: numberIn(config, key) }, (_, layer) => block(layer));
}

function norm(weights: ModelWeights, name: string): Norm {
  return {
    form: 'layer',
    scale: weights.vector(`${name}.weight`),
    shift: weights.vector(`${name}.bias`),
    epsilon,
  };
}
