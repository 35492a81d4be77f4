import type { SelectedText } from '../host/selectedText';
import { type Both, type ComparedText, type CompareStates, compareParts } from '../protocol/compare';
import type { ModelSource } from '../protocol/model';

/** Nothing is measured yet. */
export const waiting = Object.fromEntries(
  compareParts.map((part) => [part, { state: 'waiting' }]),
) as CompareStates;

/** What is compared, as the page and the report name it; null before there is a text. */
export function comparedText(
  request: { readonly text: SelectedText; readonly models: Both<ModelSource> } | undefined,
): ComparedText | null {
  if (!request) {
    return null;
  }
  const { text, models } = request;
  const { name, startLine, endLine } = text;
  return { text: text.text, source: { name, startLine, endLine }, models };
}
