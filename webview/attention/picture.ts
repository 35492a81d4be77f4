import { keepCells } from '../../src/attention/keepTokens';
import { attentionBetweenGroups, groupTokens } from '../../src/attention/words';
import type { ThumbnailsRequest } from '../../src/protocol/attention';
import type { AttentionView } from '../../src/protocol/attentionPage';
import type { Token } from '../../src/protocol/model';
import { HeadMatrix } from './headMatrix';
import { type Direction, type Lens, keptTokens } from './lens';
import { type Stack, type TokenSpan, contains } from '../../src/attention/stack';

/** One row or column of a picture: a token, or a word of several. */
export interface Unit extends Token {
  /** Its first token in the run. */
  readonly index: number;
  /** How many tokens it stands for. */
  readonly count: number;
  /** 1 in the second text of two. */
  readonly text2: boolean;
}

/** What the views draw: weights between units. */
export interface Picture {
  readonly units: readonly Unit[];
  readonly matrix: HeadMatrix;
}

/** All that a lens leaves of a run's tokens, in order. */
export function unitsOf(view: AttentionView, lens: Lens): Unit[] {
  const kept = keptTokens(view.tokens, lens.hidden);
  const border = view.secondFrom ?? Infinity;
  const groups = lens.byWord
    ? groupTokens(kept.map((index) => view.words[index] as number))
    : kept.map((_, place) => ({ start: place, end: place + 1 }));
  return groups.map(({ start, end }) => {
    const members = kept.slice(start, end);
    const index = members[0] as number;
    const tokens = members.map((member) => view.tokens[member] as Token);
    const place = { index, count: members.length, text2: index >= border };
    return tokens.length === 1 ? { ...(tokens[0] as Token), ...place } : { ...joined(tokens), ...place };
  });
}

/**
 * Looks at the weights of a stack, `[queries, keys]`, through a lens. Rows are renormalised over all that is kept;
 * only then is a direction taken out, so that A→A and A→B of a query sum to 1.
 */
export function pictureOf(
  view: AttentionView,
  stack: Stack,
  weights: Float32Array,
  lens: Lens,
  units: readonly Unit[],
): Picture {
  const kept = keptTokens(view.tokens, lens.hidden);
  const numKeys = stack.keys.end - stack.keys.start;
  const renormalise = lens.renormalise && kept.length < view.tokens.length;
  const rows = inSpan(kept, stack.queries);
  const columns = inSpan(kept, stack.keys);
  // Of a long text, copying what is not changed takes longer than drawing it.
  const isAll = rows.length * columns.length === weights.length;
  const some = isAll && !renormalise ? weights : keepCells(weights, numKeys, rows, columns, renormalise);
  const queries = unitsIn(units, stack.queries);
  const keys = unitsIn(units, stack.keys);
  const joins = queries.length < rows.length || keys.length < columns.length;
  const seen = joins
    ? attentionBetweenGroups(some, columns.length, groupsOf(units, queries), groupsOf(units, keys))
    : some;
  const [from, to] = sidesOf(lens.direction);
  const shownQueries = queries.filter((unit) => isOn(units[unit], from));
  const shownKeys = keys.filter((unit) => isOn(units[unit], to));
  const whole = shownQueries.length === queries.length && shownKeys.length === keys.length;
  const cut = whole
    ? seen
    : keepCells(
        seen,
        keys.length,
        shownQueries.map((unit) => queries.indexOf(unit)),
        shownKeys.map((unit) => keys.indexOf(unit)),
        false,
      );
  const shown = lens.threshold > 0 ? cut.map((weight) => (weight < lens.threshold ? 0 : weight)) : cut;
  return { units, matrix: new HeadMatrix(shownQueries, shownKeys, shown) };
}

/** What the overview asks for to leave out the same; null when nothing is left out. */
export function thumbnailsRequest(view: AttentionView, stack: Stack, lens: Lens): ThumbnailsRequest | null {
  const kept = keptTokens(view.tokens, lens.hidden);
  const [from, to] = sidesOf(lens.direction);
  if (kept.length === view.tokens.length && from === null) {
    return null;
  }
  const border = view.secondFrom ?? Infinity;
  const onSide = (index: number, side: boolean | null): boolean => side === null || index >= border === side;
  const queries = kept.filter((index) => onSide(index, from));
  const keys = kept.filter((index) => onSide(index, to));
  return {
    runId: stack.runId,
    kept: inSpan(queries, stack.queries),
    keys: inSpan(keys, stack.keys),
    among: inSpan(kept, stack.keys),
    renormalise: lens.renormalise,
  };
}

/** Of some tokens those in a span, counted from its start. */
function inSpan(tokens: readonly number[], span: TokenSpan): number[] {
  return tokens.filter((index) => contains(span, index)).map((index) => index - span.start);
}

function unitsIn(units: readonly Unit[], span: TokenSpan): number[] {
  return [...units.keys()].filter((unit) => contains(span, units[unit]?.index ?? -1));
}

/** Consecutive tokens of each unit, counted among those of the units given. */
function groupsOf(units: readonly Unit[], some: readonly number[]): { start: number; end: number }[] {
  let end = 0;
  return some.map((unit) => {
    const start = end;
    end += units[unit]?.count ?? 0;
    return { start, end };
  });
}

/** Whether queries and keys are of the second text; null for both texts. */
function sidesOf(direction: Direction): readonly [from: boolean | null, to: boolean | null] {
  return direction === 'all' ? [null, null] : [direction.startsWith('b'), direction.endsWith('b')];
}

function isOn(unit: Unit | undefined, side: boolean | null): boolean {
  return side === null || unit?.text2 === side;
}

function joined(tokens: readonly Token[]): Token {
  const first = tokens[0] as Token;
  const last = tokens.at(-1) as Token;
  return {
    ...first,
    piece: tokens.map((token) => token.piece).join(' '),
    // Tokens of one character (bytes of an emoji) have the same text; it is written once.
    text: tokens
      .filter((token, place) => place === 0 || token.start !== tokens[place - 1]?.start)
      .map((token) => token.text)
      .join(''),
    end: last.end,
  };
}
