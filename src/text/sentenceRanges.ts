import type { TextRange } from '../protocol/attention';

/**
 * Where the sentences of a text stand (UAX 29), without the blanks around them. A line break ends a sentence,
 * as in a list, unless the next line goes on in lower case, as in wrapped prose.
 */
export function sentenceRanges(text: string): TextRange[] {
  // As long as the text, so that places stay what they are.
  const unwrapped = text.replace(/\r?\n(?=[ \t]*\p{Ll})/gu, (found) => ' '.repeat(found.length));
  const found: TextRange[] = [];
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(
    unwrapped,
  )) {
    const sentence = segment.trim();
    if (/[\p{L}\p{N}]/u.test(sentence)) {
      const start = index + segment.length - segment.trimStart().length;
      found.push({ start, end: start + sentence.length });
    }
  }
  return found;
}

/** A text on one line, for a model that reads sentences and for a list. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The beginning of a text on one line, cut between characters: at most `most` columns, of which an ideograph takes two. */
export function excerpt(text: string, most: number): string {
  const characters = Array.from(onOneLine(text.slice(0, 4 * most + 200)));
  let columns = 0;
  for (const [index, character] of characters.entries()) {
    columns += wide.test(character) ? 2 : 1;
    if (columns > most) {
      return `${characters.slice(0, Math.max(0, index - 1)).join('')}…`;
    }
  }
  return characters.join('');
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60]/u;
