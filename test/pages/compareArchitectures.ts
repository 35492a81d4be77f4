import type { Architecture } from '../../src/protocol/architecture';
import type { ScalingCurve } from '../../src/protocol/comparePage';
import type { Side } from '../../src/protocol/compare';
import { shapes } from './compareData';

/** Made-up architectures of the stub's two models: an encoder and a decoder. */
export function architectureOf(side: Side): Architecture {
  const encoder = side === 'left';
  const counts = {
    tokenEmbedding: 512_000,
    positionEmbedding: 32_768,
    attention: 264_192,
    feedForward: 527_104,
    layerNorms: 2_048,
    outputHead: encoder ? 20_480 : 0,
  } as const;
  const parts = Object.entries(counts).map(([part, count]) => ({ part: part as keyof typeof counts, count }));
  return {
    name: encoder ? 'scope-bert' : 'scope-gpt',
    family: encoder ? 'bert' : 'gpt2',
    kind: encoder ? 'encoder' : 'decoder',
    layers: shapes[side].layers,
    numHeads: shapes[side].heads,
    numKeyValueHeads: shapes[side].heads,
    headSize: 32,
    hiddenSize: 128,
    feedForwardSize: 512,
    vocabularySize: 4000,
    maxTokens: 256,
    positions: 'learned',
    normalization: { kind: 'LayerNorm', placement: encoder ? 'post' : 'pre' },
    activation: 'gelu',
    gatedFeedForward: false,
    causal: !encoder,
    tiedEmbeddings: true,
    sharedLayers: false,
    tokenTypes: encoder ? 2 : 0,
    embeddingSize: 128,
    heads: encoder ? ['maskedLanguageModel', 'nextSentence'] : ['languageModel'],
    parameters: { total: parts.reduce((sum, { count }) => sum + count, 0), parts, unplaced: 0 },
    fileBytes: 1_400_000,
    weightFormat: 'int8',
    formats: [{ format: 'int8', parameters: 1_000_000 }],
    flopsPerToken: {
      at: 256,
      value: 3_200_000,
      attention: 900_000,
      feedForward: 1_300_000,
      embeddingOut: 1_000_000,
    },
    disagreements: [],
  };
}

export const scaling: ScalingCurve = {
  tokens: 2_000_000,
  sizes: [
    { layers: 1, width: 48, heads: 2, parameters: 250_000, nonEmbedding: 28_000, heldOutLoss: 3.4 },
    { layers: 2, width: 96, heads: 3, parameters: 660_000, nonEmbedding: 224_000, heldOutLoss: 2.6 },
    { layers: 4, width: 192, heads: 6, parameters: 2_660_000, nonEmbedding: 1_780_000, heldOutLoss: 2.1 },
  ],
  fit: { a: 41.2, b: 0.3, c: 1.55 },
};
