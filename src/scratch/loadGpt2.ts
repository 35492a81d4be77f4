import { columnsOf } from './columns';
import { type ModelConfig, activationIn, numberIn, requireKind } from './configValues';
import type { DecoderBlockWeights } from './decoderBlock';
import type { Gpt2 } from './gpt2';
import type { Linear } from './linear';
import { transpose } from './matrix';
import type { ModelWeights } from './modelWeights';
import type { Norm } from './normalization';

/** Settings of GPT-2's relatives that change the arithmetic. */
const refused = ['scale_attn_by_inverse_layer_idx', 'add_cross_attention'];

/**
 * Puts the weights of a GPT-2 where the code here looks for them.
 * @param config its `config.json`
 * @throws {ScopeError} for another kind of model, or when weights are missing
 */
export function loadGpt2(weights: ModelWeights, config: ModelConfig): Gpt2 {
  requireKind(config, 'gpt2', refused);
  const epsilon = numberIn(config, 'layer_norm_epsilon', 1e-5);
  const activation = activationIn(config, 'activation_function', 'gelu_new');
  const numHeads = numberIn(config, 'n_head');
  const norm = (name: string): Norm => ({
    form: 'layer',
    scale: weights.vector(`${name}.weight`),
    shift: weights.vector(`${name}.bias`),
    epsilon,
  });
  const block = (layer: number): DecoderBlockWeights => {
    const at = `h.${layer}`;
    const [query, key, value] = inThree(weights.linear(`${at}.attn.c_attn`));
    return {
      selfAttention: { numHeads, query, key, value, output: weights.linear(`${at}.attn.c_proj`) },
      selfAttentionNorm: norm(`${at}.ln_1`),
      feedForward: {
        activation,
        up: weights.linear(`${at}.mlp.c_fc`),
        down: weights.linear(`${at}.mlp.c_proj`),
      },
      feedForwardNorm: norm(`${at}.ln_2`),
      placement: 'pre',
    };
  };
  const tokens = weights.table('wte.weight', 'lm_head.weight');
  return {
    tokens,
    positions: weights.table('wpe.weight'),
    blocks: Array.from({ length: numberIn(config, 'n_layer') }, (_, layer) => block(layer)),
    finalNorm: norm('ln_f'),
    // The token embedding turned round; a quantised file has rounded it a second time.
    unembedding: weights.optionalLinear('lm_head') ?? { weight: transpose(tokens) },
  };
}

/** GPT-2 stores W_Q, W_K and W_V side by side as one matrix, `[modelWidth, 3 · modelWidth]`. */
function inThree({ weight, bias }: Linear): [Linear, Linear, Linear] {
  const width = weight.columns / 3;
  const third = (at: number): Linear => ({
    weight: columnsOf(weight, at * width, (at + 1) * width),
    ...(bias && { bias: bias.subarray(at * width, (at + 1) * width) }),
  });
  return [third(0), third(1), third(2)];
}
