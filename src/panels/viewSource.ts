import type { SelectedPicture } from '../host/subject';
import type { SelectedText } from '../host/selectedText';
import type { AttentionView } from '../protocol/attentionPage';

type SourceFacts = Pick<AttentionView, 'text' | 'second' | 'source'>;

/** A text, or two, as the page shows it, and which lines of its document were kept. */
export function factsOfText(text: SelectedText, keptEnd: number): SourceFacts {
  const { pair } = text;
  const source = describeSource(text, keptEnd);
  return pair
    ? { text: text.text.slice(0, pair.firstEnd), second: text.text.slice(pair.secondStart), source }
    : { text: text.text.slice(0, keptEnd), source };
}

/** A picture has a name and no lines. */
export function factsOfPicture({ name }: SelectedPicture): SourceFacts {
  return { text: '', source: { name, startLine: 1, endLine: 1, keptEndLine: 1 } };
}

/** Lines of the kept part, counted in the text itself: the document may have changed since. */
function describeSource(text: SelectedText, keptEnd: number): AttentionView['source'] {
  // Between the texts of a pair there may be lines that nobody selected.
  if (text.pair) {
    const { name, startLine, endLine } = text;
    return { name, startLine, endLine, keptEndLine: endLine };
  }
  const lineBreaks = text.text.slice(0, keptEnd).match(/\r\n|\r|\n/g)?.length ?? 0;
  return {
    name: text.name,
    startLine: text.startLine,
    endLine: text.endLine,
    keptEndLine: Math.min(text.endLine, text.startLine + lineBreaks),
  };
}
