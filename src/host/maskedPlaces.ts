import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { TextRange } from '../protocol/attention';
import { maskPlaces } from '../text/maskPlaces';
import { selectedText } from './selectedText';

/** Where words are wanted, in a part of a document. */
export interface MaskedPlaces {
  /** `masks`: they stand in the text; `words`: what is selected gives way; `cursor`: nothing stands there. */
  readonly kind: 'masks' | 'words' | 'cursor';
  /** The part that is read, and where it begins in the document. */
  readonly text: string;
  readonly offset: number;
  /** In the text, ascending. */
  readonly places: readonly TextRange[];
}

/** More text than this on either side is beyond what a model reads. */
export const maxContext = 20_000;
/** More would be asked for nobody. */
const mostPlaces = 100;
/** A longer selection is no word. */
const longestWord = 100;

/**
 * The masks in the selections, or in the paragraph at the cursor; else the selected words themselves; else the
 * cursor, or each of several.
 * @param own the mask token of the model that will be asked
 * @throws {ScopeError} `emptyText`, `binaryText` or `selectionTooLong`
 */
export function maskedPlaces(editor: vscode.TextEditor, own: string | undefined): MaskedPlaces {
  const { document } = editor;
  const selections = [...editor.selections].sort((a, b) => a.start.compareTo(b.start)).slice(0, mostPlaces);
  const [first] = selections;
  if (selections.length === 1 && first) {
    const selected = first.isEmpty && isBlankLine(document, first) ? undefined : selectedText(editor);
    const masks = selected ? maskPlaces(selected.text, own).slice(0, mostPlaces) : [];
    if (selected && masks.length > 0) {
      return { kind: 'masks', text: selected.text, offset: selected.offset, places: masks };
    }
  }
  const places = selections.flatMap((selection) => placesIn(document, selection, own)).slice(0, mostPlaces);
  const start = Math.max(0, (places[0]?.start ?? 0) - maxContext);
  const range = new vscode.Range(
    document.positionAt(start),
    document.positionAt((places.at(-1)?.end ?? 0) + maxContext),
  );
  // A position between the halves of a pair is moved.
  const offset = document.offsetAt(range.start);
  const text = document.getText(range);
  const moved = places.map((place) => ({ start: place.start - offset, end: place.end - offset }));
  const around = moved.reduceRight((rest, place) => rest.slice(0, place.start) + rest.slice(place.end), text);
  if (around.trim() === '') {
    throw new ScopeError('emptyText');
  }
  if (around.includes('\0')) {
    throw new ScopeError('binaryText');
  }
  return {
    kind: places.every(({ start: a, end: b }) => a === b) ? 'cursor' : 'words',
    text,
    offset,
    places: moved,
  };
}

/** Of one selection among several: the masks in it, or itself. In the document. */
function placesIn(
  document: vscode.TextDocument,
  selection: vscode.Selection,
  own: string | undefined,
): TextRange[] {
  const start = document.offsetAt(selection.start);
  const end = document.offsetAt(selection.end);
  const text = end - start > maxContext ? '' : document.getText(selection);
  const masks = maskPlaces(text, own);
  if (masks.length > 0) {
    return masks.map((mask) => ({ start: start + mask.start, end: start + mask.end }));
  }
  if (end - start > longestWord || !selection.isSingleLine) {
    throw new ScopeError('selectionTooLong');
  }
  return [{ start, end }];
}

function isBlankLine(document: vscode.TextDocument, { start }: vscode.Range): boolean {
  return document.lineAt(start.line).isEmptyOrWhitespace;
}
