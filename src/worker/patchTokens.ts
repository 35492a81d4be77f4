import type { Token } from '../protocol/model';
import type { PatchGrid } from '../protocol/picture';

/** A picture has no text, so patches are named by row and column, both from 0. */
export function patchTokens(grid: PatchGrid): Token[] {
  const tokens: Token[] = [];
  for (let id = 0; id < grid.numSpecial + grid.patches.length; id++) {
    const patch = id - grid.numSpecial;
    const special = patch < 0;
    const place = `r${Math.floor(patch / grid.columns)}c${patch % grid.columns}`;
    const piece = special ? (id === 0 ? '[CLS]' : `[special ${id}]`) : place;
    tokens.push({ id, piece, text: piece, start: 0, end: 0, special });
  }
  return tokens;
}
