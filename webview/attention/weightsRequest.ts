import type { HeadIndex } from '../../src/attention/combineHeads';
import type { WeightsRequest } from './headSource';
import type { Lens } from './lens';
import type { Stack } from '../../src/attention/stack';

/** The weights that a lens looks at, with `layer` and `head` as the current ones. */
export function weightsRequest(stack: Stack, lens: Lens, layer: number, head: number): WeightsRequest {
  const { runId, numLayers, numHeads } = stack;
  const ofLayer = (each: number): HeadIndex[] =>
    Array.from({ length: numHeads }, (_, index) => ({ layer: each, head: index }));
  const all = (): HeadIndex[] => Array.from({ length: numLayers }, (_, each) => ofLayer(each)).flat();
  switch (lens.combination) {
    case 'head':
      return { runId, how: 'head', layer, head };
    case 'chosenMean':
      return { runId, how: 'mean', heads: lens.chosen };
    case 'chosenMax':
      return { runId, how: 'max', heads: lens.chosen };
    case 'layerMean':
      return { runId, how: 'mean', heads: ofLayer(layer) };
    case 'layerMax':
      return { runId, how: 'max', heads: ofLayer(layer) };
    case 'allMean':
      return { runId, how: 'mean', heads: all() };
    case 'allMax':
      return { runId, how: 'max', heads: all() };
    case 'rollout':
    case 'flow':
      return { runId, how: lens.combination, heads: [{ layer, head: 0 }] };
  }
}
