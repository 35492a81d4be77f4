import type { TextRange } from '../protocol/attention';

/**
 * Shortens two texts to what a model reads of them as a pair, where they meet: the end of the first and the
 * beginning of the second.
 * @param tokens the content tokens of both
 * @param room how many of them there is room for; Infinity shortens nothing
 */
export function fitPair(
  texts: readonly [string, string],
  tokens: readonly [readonly TextRange[], readonly TextRange[]],
  room: number,
): { first: string; second: string; wasCut: boolean } {
  const [first, second] = texts;
  const [one, two] = [tokens[0].length, tokens[1].length];
  if (one + two <= room) {
    return { first, second, wasCut: false };
  }
  // What the shorter one does not need is the longer one's.
  const half = Math.floor(room / 2);
  const keptOne = Math.min(one, Math.max(half, room - two));
  const keptTwo = Math.min(two, room - keptOne);
  return {
    first: first.slice(tokens[0][one - keptOne]?.start ?? first.length),
    second: second.slice(0, tokens[1][keptTwo - 1]?.end ?? 0),
    wasCut: true,
  };
}
