import type { Architecture } from '../protocol/architecture';
import type { Side } from '../protocol/compare';
import { type ReportFacts, found, other } from './reportFacts';

/** What a token costs both models in a text of the same length. */
export interface ComparedCost {
  readonly more: Side;
  readonly less: Side;
  /** At least 1. */
  readonly ratio: number;
  readonly tokens: number;
}

/** At the length of this text, or where that is unknown at the longest that both read; null where it cannot be told. */
export function comparedCost({ architecture, reading }: ReportFacts): ComparedCost | null {
  const { left, right } = architecture;
  if (!left || !right) {
    return null;
  }
  const read = [found(reading?.left), found(reading?.right)].map((run) => run?.tokens.length ?? 0);
  const tokens = Math.max(...read) || Math.min(left.flopsPerToken.at, right.flopsPerToken.at);
  const [a, b] = [operationsAt(left, tokens), operationsAt(right, tokens)];
  if (a === null || b === null) {
    return null;
  }
  const more: Side = a >= b ? 'left' : 'right';
  return { more, less: other(more), ratio: Math.max(a, b) / Math.min(a, b), tokens };
}

/**
 * Operations for a token of a text of another length. Of all that is counted only the products of queries with
 * keys and of weights with values grow with it, `4 · n · heads · headSize` in each layer (see `compute.ts`).
 * Null for two stacks, whose texts have lengths of their own.
 */
export function operationsAt(model: Architecture, tokens: number): number | null {
  const { at, value } = model.flopsPerToken;
  if (value <= 0 || model.kind === 'encoder-decoder') {
    return null;
  }
  return value + 4 * (tokens - at) * model.numHeads * model.headSize * model.layers;
}
