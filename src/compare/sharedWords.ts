import type { SharedWord } from '../protocol/compare';
import type { Token } from '../protocol/model';

/**
 * The words of a text on whose borders all tokenisations agree: Unicode's words (UAX 29, with the
 * dictionaries of ICU), joined where a token of any model reaches over a border. White space is no word.
 */
export function sharedWords(text: string, tokenisations: readonly (readonly Token[])[]): SharedWord[] {
  const crossed = new Set(
    tokenisations.flatMap((tokens) => tokens.flatMap((token) => innerPlaces(text, token))),
  );
  const words: { start: number; end: number }[] = [];
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    const last = words.at(-1);
    if (last && crossed.has(index)) {
      last.end = index + segment.length;
    } else {
      words.push({ start: index, end: index + segment.length });
    }
  }
  return words.flatMap(({ start, end }) => {
    const raw = text.slice(start, end);
    const word = raw.trim();
    const from = start + raw.length - raw.trimStart().length;
    return word === ''
      ? []
      : [{ start: from, end: from + word.length, text: word, counts: /[\p{L}\p{N}]/u.test(word) }];
  });
}

/** Where a border would cut the token. The blank before a word is no part of what is cut. */
function innerPlaces(text: string, { start, end, special }: Token): number[] {
  if (special || end <= start) {
    return [];
  }
  const from = start + leadingBlanks(text, start, end);
  return Array.from({ length: Math.max(0, end - from - 1) }, (_, index) => from + 1 + index);
}

/**
 * For each token the index of the word that it begins in, or stands before as its blank; -1 for special tokens
 * and line breaks.
 * @param words ascending, as {@link sharedWords} gives them
 */
export function wordOfTokens(
  text: string,
  tokens: readonly Token[],
  words: readonly { readonly start: number; readonly end: number }[],
): number[] {
  return tokens.map(({ start, end, special }) => {
    if (special || end <= start) {
      return -1;
    }
    const place = start + leadingBlanks(text, start, end);
    // A blank of its own is written for the word behind it; a line break is for nobody.
    const onlyBreaks = place === end && /[\r\n]/.test(text.slice(start, end));
    return onlyBreaks ? -1 : words.findIndex((word) => word.start <= place && place < word.end);
  });
}

function leadingBlanks(text: string, start: number, end: number): number {
  return /^\s*/.exec(text.slice(start, end))?.[0].length ?? 0;
}

/** The sentences of a text that have at least two words, at most `most`. */
export function sentencesOf(text: string, most: number): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)]
    .map(({ segment }) => segment.replace(/\s+/g, ' ').trim())
    .filter((sentence) => numWords(sentence) >= 2)
    .slice(0, most);
}

function numWords(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].filter(
    ({ isWordLike }) => isWordLike,
  ).length;
}

/** Whether most letters are Chinese characters: which wording a task is to have. */
export function languageOf(text: string): 'en' | 'zh' {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // A Chinese character says about as much as three Latin letters.
  return 3 * han > letters - han ? 'zh' : 'en';
}

/** The word that is asked for at first: the last one of the first sentence, which has the most context on its left. */
export function firstBlank(text: string, words: readonly SharedWord[]): number | null {
  const [sentence] = [...new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)].filter(
    ({ segment }) => numWords(segment) >= 2,
  );
  const border = sentence ? sentence.index + sentence.segment.length : text.length;
  const last = words.findLastIndex(({ counts, end }) => counts && end <= border);
  return last >= 0 ? last : null;
}
