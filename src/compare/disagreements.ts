import type { Architecture, Disagreement } from '../protocol/architecture';
import type { ConfigFacts } from './configFacts';

type Found = Pick<
  Architecture,
  | 'kind'
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
  | 'tiedEmbeddings'
>;

/** Where the graph shows another number than the configuration states. What either does not say is no difference. */
export function disagreementsOf(found: Found, facts: ConfigFacts, tiedSeen: boolean): Disagreement[] {
  const stated: Partial<Record<Disagreement['what'], number | boolean | undefined>> = {
    layers: facts.layers,
    ...(found.kind === 'encoder-decoder' && { decoderLayers: facts.decoderLayers ?? facts.layers }),
    numHeads: facts.numHeads,
    numKeyValueHeads: facts.numKeyValueHeads,
    hiddenSize: facts.hiddenSize,
    feedForwardSize: facts.feedForwardSize,
    vocabularySize: facts.vocabularySize,
    maxTokens: facts.maxPositions === undefined ? undefined : facts.maxPositions - facts.reservedPositions,
    // A family that numbers its segments with one type only may leave the table out.
    ...(found.tokenTypes > 0 && { tokenTypes: facts.tokenTypes }),
    causal: facts.causal,
    ...(tiedSeen && { tiedEmbeddings: facts.tied }),
  };
  return Object.entries(stated).flatMap(([key, config]) => {
    const what = key as Disagreement['what'];
    const graph = found[what];
    return config === undefined || graph === undefined || graph === null || graph === config
      ? []
      : [{ what, graph, config }];
  });
}
