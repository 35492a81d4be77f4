import type { TextRange } from '../protocol/attention';

/**
 * Which tokens are shown as one because they are parts of one character: the bytes of an ideograph, the
 * letters of a ligature.
 * @param tokens in order, starts ascending
 * @returns runs of indices `[from, to)` that cover all tokens, in order
 */
export function characterGroups(tokens: readonly TextRange[]): { from: number; to: number }[] {
  const groups: { from: number; to: number }[] = [];
  let reached = 0;
  for (const [index, { start, end }] of tokens.entries()) {
    const last = groups.at(-1);
    if (last && start < end && start < reached) {
      last.to = index + 1;
    } else {
      groups.push({ from: index, to: index + 1 });
    }
    reached = Math.max(reached, end);
  }
  return groups;
}
