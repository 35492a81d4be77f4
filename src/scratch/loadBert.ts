import type { Bert } from './bert';
import { type ModelConfig, activationIn, numberIn, requireKind } from './configValues';
import type { EncoderBlockWeights } from './encoderBlock';
import { transpose } from './matrix';
import type { ModelWeights } from './modelWeights';
import type { Norm } from './normalization';

/**
 * Puts the weights of a BERT where the code here looks for them. The heads for masks and for the next sentence are
 * taken when the file has them.
 * @param config its `config.json`
 * @throws {ScopeError} for another kind of model, or when weights are missing
 */
export function loadBert(weights: ModelWeights, config: ModelConfig): Bert {
  requireKind(config, 'bert', ['is_decoder']);
  const epsilon = numberIn(config, 'layer_norm_eps', 1e-12);
  const activation = activationIn(config, 'hidden_act', 'gelu');
  const numHeads = numberIn(config, 'num_attention_heads');
  const norm = (name: string): Norm => ({
    form: 'layer',
    scale: weights.vector(`${name}.weight`),
    shift: weights.vector(`${name}.bias`),
    epsilon,
  });
  const block = (layer: number): EncoderBlockWeights => {
    const at = `encoder.layer.${layer}`;
    return {
      attention: {
        numHeads,
        query: weights.linear(`${at}.attention.self.query`),
        key: weights.linear(`${at}.attention.self.key`),
        value: weights.linear(`${at}.attention.self.value`),
        output: weights.linear(`${at}.attention.output.dense`),
      },
      attentionNorm: norm(`${at}.attention.output.LayerNorm`),
      feedForward: {
        activation,
        up: weights.linear(`${at}.intermediate.dense`),
        down: weights.linear(`${at}.output.dense`),
      },
      feedForwardNorm: norm(`${at}.output.LayerNorm`),
      placement: 'post',
    };
  };
  const tokens = weights.table('embeddings.word_embeddings.weight', 'cls.predictions.decoder.weight');
  const transform = weights.optionalLinear('cls.predictions.transform.dense');
  const bias = weights.optionalVector('cls.predictions.bias');
  const pooler = weights.optionalLinear('pooler.dense');
  const classifier = weights.optionalLinear('cls.seq_relationship');
  return {
    tokens,
    positions: weights.table('embeddings.position_embeddings.weight'),
    sentences: weights.table('embeddings.token_type_embeddings.weight'),
    embeddingNorm: norm('embeddings.LayerNorm'),
    blocks: Array.from({ length: numberIn(config, 'num_hidden_layers') }, (_, layer) => block(layer)),
    ...(transform && {
      maskedHead: {
        transform,
        activation,
        norm: norm('cls.predictions.transform.LayerNorm'),
        decoder: weights.optionalLinear('cls.predictions.decoder', 'cls.predictions') ?? {
          weight: transpose(tokens),
          ...(bias && { bias }),
        },
      },
    }),
    ...(pooler && classifier && { nextSentenceHead: { pooler, classifier } }),
  };
}
