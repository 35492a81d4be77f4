import { keepTokens } from '../../src/attention/keepTokens';
import { attentionOfGroups, groupTokens } from '../../src/attention/words';
import type { AttentionView } from '../../src/protocol/attentionPage';
import type { Token } from '../../src/protocol/model';
import { HeadMatrix } from './headMatrix';
import { type Lens, keptTokens } from './lens';

/** One row and column of a picture: a token, or a word of several. */
export interface Unit extends Token {
  /** Its first token in the run. */
  readonly index: number;
  /** How many tokens it stands for. */
  readonly count: number;
}

/** What the views draw: weights between units. */
export interface Picture {
  readonly units: readonly Unit[];
  readonly matrix: HeadMatrix;
}

/** The rows and columns that a lens leaves, in order. */
export function unitsOf(view: AttentionView, lens: Lens): Unit[] {
  const kept = keptTokens(view.tokens, lens.hidden);
  return groupsOf(view, lens, kept).map(({ start, end }) => {
    const members = kept.slice(start, end);
    const index = members[0] as number;
    const tokens = members.map((member) => view.tokens[member] as Token);
    return tokens.length === 1 ? { ...(tokens[0] as Token), index, count: 1 } : joined(tokens, index);
  });
}

/** Looks at `weights`, `[n, n]` of the whole run, through a lens. */
export function pictureOf(
  view: AttentionView,
  weights: Float32Array,
  lens: Lens,
  units: readonly Unit[],
): Picture {
  const n = view.tokens.length;
  const kept = keptTokens(view.tokens, lens.hidden);
  const some = kept.length === n ? weights : keepTokens(weights, n, kept, lens.renormalise);
  const groups = groupsOf(view, lens, kept);
  const seen = groups.length === kept.length ? some : attentionOfGroups(some, kept.length, groups);
  const shown = lens.threshold > 0 ? seen.map((weight) => (weight < lens.threshold ? 0 : weight)) : seen;
  return { units, matrix: new HeadMatrix(units.length, shown) };
}

function groupsOf(
  view: AttentionView,
  lens: Lens,
  kept: readonly number[],
): { start: number; end: number }[] {
  return lens.byWord
    ? groupTokens(kept.map((index) => view.words[index] as number))
    : kept.map((_, place) => ({ start: place, end: place + 1 }));
}

function joined(tokens: readonly Token[], index: number): Unit {
  const first = tokens[0] as Token;
  const last = tokens.at(-1) as Token;
  return {
    ...first,
    index,
    count: tokens.length,
    piece: tokens.map((token) => token.piece).join(' '),
    // Tokens of one character (bytes of an emoji) have the same text; it is written once.
    text: tokens
      .filter((token, place) => place === 0 || token.start !== tokens[place - 1]?.start)
      .map((token) => token.text)
      .join(''),
    end: last.end,
  };
}
