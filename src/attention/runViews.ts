import { type HeadIndex, combineHeads } from './combineHeads';
import { type HeadPatterns, type PatternTokens, headPatterns } from './headPatterns';
import { crossPatterns } from './crossPatterns';
import { attentionFlow, maxFlowTokens } from './flow';
import { keepCells } from './keepTokens';
import { packPatterns } from './patternTable';
import { picturePatterns } from './picturePatterns';
import { rollout } from './rollout';
import { partShares } from './partShares';
import { makeThumbnails } from './thumbnails';
import { type LayerWeights, headOf, keysOf } from './weights';
import type {
  CombinedRequest,
  HeadRequest,
  HeadTable,
  HeadWeights,
  Shares,
  SharesRequest,
  Thumbnails,
  ThumbnailsRequest,
} from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import type { PatchGrid } from '../protocol/picture';

/** A run whose weights are in memory. */
export interface RunWeights {
  readonly layers: readonly LayerWeights[];
  /** Those that query. */
  readonly tokens: readonly Token[];
  /** Those that are attended to, where they are others: cross attention. */
  readonly keyTokens?: readonly Token[];
  readonly causal: boolean;
  /** Where the tokens lie in a picture. */
  readonly grid?: PatchGrid;
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
  if (how === 'mean' || how === 'max') {
    return { weights: combineHeads(run.layers, heads, how).slice().buffer };
  }
  if (run.keyTokens || (how === 'flow' && run.tokens.length > maxFlowTokens)) {
    throw new ScopeError('badRequest', how);
  }
  const layers = run.layers.slice(0, Math.max(...heads.map((each) => each.layer)) + 1);
  return { weights: (how === 'rollout' ? rollout(layers) : attentionFlow(layers)).slice().buffer };
}

export function thumbnailsOf(
  run: RunWeights,
  { kept, keys = kept, among = keys, renormalise }: ThumbnailsRequest,
): Thumbnails {
  const numKeys = (run.keyTokens ?? run.tokens).length;
  checkAscending(kept, run.tokens.length);
  checkAscending(keys, numKeys);
  checkAscending(among, numKeys);
  const places = keys.map((key) => among.indexOf(key));
  if (places.includes(-1)) {
    throw new ScopeError('badRequest', 'kept tokens');
  }
  const rows = [...kept.keys()];
  const layers = run.layers.map((layer) => {
    const data = new Float32Array(layer.numHeads * kept.length * keys.length);
    for (let head = 0; head < layer.numHeads; head++) {
      const whole = keepCells(headOf(layer, head), keysOf(layer), kept, among, renormalise);
      const some = among.length === keys.length ? whole : keepCells(whole, among.length, rows, places, false);
      data.set(some, head * some.length);
    }
    return { numHeads: layer.numHeads, numTokens: kept.length, numKeys: keys.length, data };
  });
  const { size, data } = makeThumbnails(layers);
  return { size, data: data.buffer };
}

function checkAscending(indices: readonly number[], count: number): void {
  const ascending = indices.every((index, place) => place === 0 || index > (indices[place - 1] as number));
  if (
    indices.length === 0 ||
    !ascending ||
    (indices[0] as number) < 0 ||
    (indices.at(-1) as number) >= count
  ) {
    throw new ScopeError('badRequest', 'kept tokens');
  }
}

/**
 * How the tokens of a range look at groups of ranges. With `predicting`, the rows are those that the tokens of
 * the range were predicted from: one position earlier.
 */
export function sharesOf(run: RunWeights, { queries, groups, predicting }: SharesRequest): Shares {
  const inside = (index: number, range: { readonly start: number; readonly end: number }): boolean => {
    const token = run.tokens[index] as Token;
    return token.end > token.start && token.start < range.end && token.end > range.start;
  };
  const positions = run.tokens.map((_, index) => index);
  const rows = positions
    .filter((index) => inside(index, queries))
    .map((index) => index - Number(predicting))
    .filter((index) => index >= 0);
  if (rows.length === 0) {
    throw new ScopeError('badRequest', 'no tokens there');
  }
  const groupOfKey = positions.map((index) =>
    groups.findIndex((ranges) => ranges.some((range) => inside(index, range))),
  );
  // The first token comes first: it is where attention rests that has nowhere to go.
  groupOfKey[0] = groups.length;
  const shares = partShares(run.layers, rows, groupOfKey, groups.length + 1);
  return {
    numLayers: run.layers.length,
    numHeads: run.layers[0]?.numHeads ?? 0,
    shares: shares.buffer as ArrayBuffer,
  };
}

/** Measures every head; other messages get in between layers. */
export async function patternsOf(run: RunWeights): Promise<HeadTable> {
  const { grid, keyTokens } = run;
  const tokens = patternTokens(keyTokens ?? run.tokens, run.causal);
  const measure = (layer: LayerWeights, head: number): HeadPatterns =>
    keyTokens
      ? crossPatterns(layer, head, tokens)
      : grid
        ? picturePatterns(layer, head, grid)
        : headPatterns(layer, head, tokens);
  const heads: HeadPatterns[] = [];
  for (const layer of run.layers) {
    for (let head = 0; head < layer.numHeads; head++) {
      heads.push(measure(layer, head));
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
