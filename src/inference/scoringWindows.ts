/** A stretch of a long text that is read at once, and the tokens that are scored in it; indices of content tokens. */
export interface ScoringWindow {
  readonly from: number;
  readonly to: number;
  readonly scoreFrom: number;
  readonly scoreTo: number;
}

/**
 * Windows over `numTokens` tokens that overlap by half, in which every token from `firstScored` on is scored once.
 * Read from the `left`, a token has at least half a window of context before it, except at the very start of the
 * text; read from `both` sides, it has at least a quarter of a window on either, except at the ends.
 * @param room content tokens of a window, at least 2
 */
export function scoringWindows(
  numTokens: number,
  room: number,
  firstScored: number,
  context: 'left' | 'both',
): ScoringWindow[] {
  const stride = Math.floor(room / 2);
  const lead = context === 'left' ? room - stride : Math.floor((room - stride) / 2);
  const windows: ScoringWindow[] = [];
  let from = Math.max(0, firstScored - lead);
  let scoreFrom = firstScored;
  while (scoreFrom < numTokens) {
    const to = Math.min(numTokens, from + room);
    const scoreTo = to === numTokens ? to : context === 'left' ? to : from + stride + lead;
    windows.push({ from, to, scoreFrom, scoreTo });
    from += stride;
    scoreFrom = scoreTo;
  }
  return windows;
}
