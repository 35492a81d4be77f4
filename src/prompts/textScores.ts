/** How alike two texts are, from 0 to 1. */

/** Case, spaces, the full stop at the end and quotation marks around do not make an answer wrong. */
export function normalised(text: string): string {
  const line = text.normalize('NFKC').trim().replace(/\s+/g, ' ');
  // By hand: a regular expression for the end would be tried at every sign of a long row of dots.
  let start = 0;
  while (start < line.length && opening.has(line.charAt(start))) {
    start++;
  }
  let end = line.length;
  while (end > start && closing.has(line.charAt(end - 1))) {
    end--;
  }
  return line.slice(start, end).toLowerCase();
}

const opening = new Set('"\'“‘「『 ');
const closing = new Set('"\'”’」』.。!！ ');

/**
 * F1 of the words that two texts share, each word as often as both have it (SQuAD, Rajpurkar et al. 2016): case,
 * punctuation and English articles do not count. Every Chinese character is a word of its own.
 */
export function wordF1(found: string, expected: string): number {
  const [own, wanted] = [wordsOf(found), wordsOf(expected)];
  if (own.length === 0 || wanted.length === 0) {
    return Number(own.length === wanted.length);
  }
  const left = new Map<string, number>();
  for (const word of wanted) {
    left.set(word, (left.get(word) ?? 0) + 1);
  }
  let shared = 0;
  for (const word of own) {
    const count = left.get(word) ?? 0;
    shared += Number(count > 0);
    left.set(word, count - 1);
  }
  return (2 * shared) / (own.length + wanted.length);
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      // SQuAD takes punctuation out instead of parting words at it: “don't” is “dont”.
      .replace(/\p{P}/gu, '')
      .match(/\p{Script=Han}|[^\s\p{Script=Han}]+/gu)
      ?.filter((word) => !['a', 'an', 'the'].includes(word)) ?? []
  );
}

/**
 * One minus the edit distance (Levenshtein 1966) over the longer text's length, in characters (code points) of the
 * texts as {@link normalised}. Of texts beyond 4,000 characters the beginnings are compared.
 */
export function editSimilarity(found: string, expected: string): number {
  const most = 4000;
  const [a, b] = [[...normalised(found)].slice(0, most), [...normalised(expected)].slice(0, most)];
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Fewest characters to insert, delete or replace, one row of the table at a time. */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  let above = Uint32Array.from({ length: b.length + 1 }, (_, index) => index);
  let row = new Uint32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      row[j] = Math.min(replaced, above[j]! + 1, row[j - 1]! + 1);
    }
    [above, row] = [row, above];
  }
  return above[b.length]!;
}
