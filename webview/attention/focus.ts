import type { HeadMatrix, Link, PinMode } from './headMatrix';

/** What is pointed at, and its weights. */
export interface Focus {
  /** The units whose weights are shown together. */
  readonly units: readonly number[];
  /** Whether they attend, or are attended to. */
  readonly side: 'query' | 'key';
  /** Their weights, strongest first. */
  readonly links: readonly Link[];
}

/**
 * The weights of some units: what they attend to, or who attends to them where none of them is a query or where
 * that is asked.
 */
export function focusOf(
  matrix: HeadMatrix,
  units: readonly number[],
  mode: PinMode,
  side?: 'key',
): Focus | null {
  const queries = side === 'key' ? [] : units.filter((unit) => matrix.rowOf(unit) !== undefined);
  if (queries.length > 0) {
    return { units: queries, side: 'query', links: matrix.ofQueries(queries, mode) };
  }
  const keys = units.filter((unit) => matrix.columnOf(unit) !== undefined);
  return keys.length > 0 ? { units: keys, side: 'key', links: matrix.ofKeys(keys, mode) } : null;
}

/** Each unit's own lines, weakest first: a joined weight belongs to no line. */
export function linksOf(matrix: HeadMatrix, { units, side }: Focus): Link[] {
  const links = units.flatMap((unit) =>
    side === 'query' ? matrix.ofQueries([unit], 'mean') : matrix.ofKeys([unit], 'mean'),
  );
  return links.sort((a, b) => a.weight - b.weight);
}
