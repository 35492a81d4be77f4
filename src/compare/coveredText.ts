import type { Token } from '../protocol/model';

/**
 * How much of a text every model reads, in UTF-16 units: the part that figures can be compared on. A longer
 * text is cut where the first of them stops, and no word is cut in two. Models that read nothing do not count.
 */
export function coveredBy(text: string, tokenisations: readonly (readonly Token[])[]): number {
  const ends = tokenisations
    .filter((tokens) => tokens.length > 0)
    .map((tokens) => tokens.reduce((most, { end }) => Math.max(most, end), 0));
  const end = Math.min(text.length, ...ends);
  if (text.slice(end).trim() === '') {
    return text.length;
  }
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.slice(0, end + 1));
  const last = segments.containing(end);
  // A border of a word stays; within one, the whole word goes.
  return last && last.index < end ? last.index : end;
}
