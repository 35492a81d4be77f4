import { type HeadIndex, combineHeads } from './combineHeads';
import { type PatternTokens, headPatterns } from './headPatterns';
import { keepTokens } from './keepTokens';
import { packPatterns } from './patternTable';
import { rollout } from './rollout';
import { makeThumbnails } from './thumbnails';
import { type LayerWeights, headOf } from './weights';
import type {
  CombinedRequest,
  HeadRequest,
  HeadTable,
  HeadWeights,
  Thumbnails,
  ThumbnailsRequest,
} from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';

/** A run whose weights are in memory. */
export interface RunWeights {
  readonly layers: readonly LayerWeights[];
  readonly tokens: readonly Token[];
  readonly causal: boolean;
}

/** What pages ask of a run that is in memory. Every answer is copied out, so that a message carries nothing else. */

export function oneHead(run: RunWeights, request: HeadRequest): HeadWeights {
  checkHead(run.layers, request);
  return { weights: headOf(run.layers[request.layer] as LayerWeights, request.head).slice().buffer };
}

export function combinedHeads(run: RunWeights, { how, heads }: CombinedRequest): HeadWeights {
  if (heads.length === 0) {
    throw new ScopeError('badRequest', 'no heads');
  }
  heads.forEach((head) => checkHead(run.layers, head));
  const weights =
    how === 'rollout'
      ? rollout(run.layers.slice(0, Math.max(...heads.map((each) => each.layer)) + 1))
      : combineHeads(run.layers, heads, how);
  return { weights: weights.slice().buffer };
}

export function thumbnailsOf(run: RunWeights, { kept, renormalise }: ThumbnailsRequest): Thumbnails {
  const n = run.tokens.length;
  const ascending = kept.every((index, place) => place === 0 || index > (kept[place - 1] as number));
  if (kept.length === 0 || !ascending || (kept[0] as number) < 0 || (kept.at(-1) as number) >= n) {
    throw new ScopeError('badRequest', 'kept tokens');
  }
  const layers = run.layers.map((layer) => {
    const data = new Float32Array(layer.numHeads * kept.length * kept.length);
    for (let head = 0; head < layer.numHeads; head++) {
      const some = keepTokens(headOf(layer, head), n, kept, renormalise);
      data.set(some, head * some.length);
    }
    return { numHeads: layer.numHeads, numTokens: kept.length, data };
  });
  const { size, data } = makeThumbnails(layers);
  return { size, data: data.buffer };
}

/** Measures every head; other messages get in between layers. */
export async function patternsOf(run: RunWeights): Promise<HeadTable> {
  const tokens = patternTokens(run.tokens, run.causal);
  const heads: ReturnType<typeof headPatterns>[] = [];
  for (const layer of run.layers) {
    for (let head = 0; head < layer.numHeads; head++) {
      heads.push(headPatterns(layer, head, tokens));
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { data: packPatterns(heads) };
}

function patternTokens(tokens: readonly Token[], causal: boolean): PatternTokens {
  return {
    ids: tokens.map((token) => token.id),
    special: tokens.map((token) => token.special),
    punctuation: tokens.map((token) => !token.special && /^\s*\p{P}+\s*$/u.test(token.text)),
    causal,
  };
}

function checkHead(layers: readonly LayerWeights[], { layer, head }: HeadIndex): void {
  const numHeads = layers[layer]?.numHeads ?? 0;
  if (!Number.isInteger(head) || head < 0 || head >= numHeads) {
    throw new ScopeError('badRequest', `layer ${layer}, head ${head}`);
  }
}
