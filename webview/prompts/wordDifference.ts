/** A stretch of a text, and whether the other text has it. */
export interface Stretch {
  readonly text: string;
  readonly changed: boolean;
}

/** Longer middles than this are marked whole: the table of a comparison grows with the square. */
const mostWords = 600;

/**
 * Marks which words of two texts are not in the other one, by their longest common subsequence. Words are letters and
 * digits together, in Chinese and Japanese single characters; what stands between counts sign by sign.
 */
export function wordDifference(before: string, after: string): [Stretch[], Stretch[]] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) {
    start++;
  }
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end++;
  }
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const common = commonWords(middleA, middleB);
  const marked = (
    words: readonly string[],
    middle: readonly string[],
    kept: ReadonlySet<number>,
  ): Stretch[] =>
    joined([
      ...words.slice(0, start).map((text) => ({ text, changed: false })),
      ...middle.map((text, index) => ({ text, changed: !kept.has(index) })),
      ...words.slice(words.length - end).map((text) => ({ text, changed: false })),
    ]);
  return [marked(a, middleA, common.a), marked(b, middleB, common.b)];
}

function wordsOf(text: string): string[] {
  return (
    text.match(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}_])+|\s+|./gsu,
    ) ?? []
  );
}

/** Places of the longest common subsequence in both lists. */
function commonWords(a: readonly string[], b: readonly string[]): { a: Set<number>; b: Set<number> } {
  const kept = { a: new Set<number>(), b: new Set<number>() };
  if (a.length === 0 || b.length === 0 || a.length > mostWords || b.length > mostWords) {
    return kept;
  }
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      kept.a.add(i++);
      kept.b.add(j++);
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) {
      i++;
    } else {
      j++;
    }
  }
  return kept;
}

/** Neighbours of the same kind as one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const each of stretches) {
    const last = all.at(-1);
    if (last?.changed === each.changed) {
      all[all.length - 1] = { text: last.text + each.text, changed: each.changed };
    } else {
      all.push(each);
    }
  }
  return all;
}
