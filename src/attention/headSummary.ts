import type { Token } from '../protocol/model';
import { headLabels } from './headLabels';
import type { HeadPatterns } from './headPatterns';

/** What each head does on a text, as lines that a person or a language model reads; heads without a habit are left out. */
export function habitsOfHeads(heads: readonly HeadPatterns[], numHeads: number): string[] {
  return heads.flatMap((patterns, index) => {
    const labels = headLabels(patterns).map(({ kind, score }) => `${kind} ${score.toFixed(2)}`);
    const name = `layer ${Math.floor(index / numHeads)} head ${index % numHeads}`;
    return labels.length === 0 ? [] : [`${name}: ${labels.join(', ')}`];
  });
}

/**
 * The strongest keys of each query.
 * @param weights row-major, `[n, n]`
 */
export function strongestKeys(weights: Float32Array, tokens: readonly Token[], numKeys: number): string[] {
  const n = tokens.length;
  return tokens.map((query, row) => {
    const keys = Array.from({ length: n }, (_, key) => ({ key, weight: weights[row * n + key] as number }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, numKeys)
      .map(({ key, weight }) => `${nameOf(tokens[key] as Token, key)} ${weight.toFixed(3)}`);
    return `${nameOf(query, row)} → ${keys.join(', ')}`;
  });
}

/** A token by its place and its text: the same text may stand in several places. */
function nameOf({ text, piece }: Token, index: number): string {
  return `[${index}] ${JSON.stringify(text === '' ? piece : text)}`;
}
