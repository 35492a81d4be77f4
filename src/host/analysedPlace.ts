import * as vscode from 'vscode';
import type { Token } from '../protocol/model';
import type { SelectedText } from './selectedText';

/** A run on the screen and the place in a document that its text came from. */
export interface AnalysedPlace {
  readonly runId: number;
  readonly source: SelectedText;
  readonly tokens: readonly Token[];
}

/** Whether a token stands in the document: what a model wrote does not. */
export function isInDocument(
  { source }: AnalysedPlace,
  { start, end }: Pick<Token, 'start' | 'end'>,
): boolean {
  return end > start && end <= source.text.length;
}

/** The visible editors that still show the analysed text where it was; none after it has been edited. */
export function editorsOf({ source }: AnalysedPlace): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => {
    if (document.uri.toString() !== source.uri) {
      return false;
    }
    return textsOf(source).every(({ start, end }) => {
      const range = rangeIn(document, source, start, end);
      return document.getText(range) === source.text.slice(start, end);
    });
  });
}

/** Tells when the cursor moves in an editor that shows the analysed text. */
export function onCursorIn(
  place: () => AnalysedPlace | undefined,
  moved: (place: AnalysedPlace, editor: vscode.TextEditor) => void,
): vscode.Disposable {
  return vscode.window.onDidChangeTextEditorSelection(({ textEditor: editor }) => {
    const shown = place();
    if (shown?.source.uri === editor.document.uri.toString() && editorsOf(shown).includes(editor)) {
      moved(shown, editor);
    }
  });
}

/** The one text or the two that were selected, as ranges of the analysed text. */
function textsOf({ text, pair }: SelectedText): { start: number; end: number }[] {
  return pair
    ? [
        { start: 0, end: pair.firstEnd },
        { start: pair.secondStart, end: text.length },
      ]
    : [{ start: 0, end: text.length }];
}

/** How far the analysed text at `place` is from its document. */
function shiftAt({ offset, pair }: SelectedText, place: number): number {
  return pair && place >= pair.secondStart ? pair.secondOffset - pair.secondStart : offset;
}

/** Where a part of the analysed text stands in its document. */
export function rangeIn(
  document: vscode.TextDocument,
  source: SelectedText,
  start: number,
  end: number,
): vscode.Range {
  const shift = shiftAt(source, start);
  return new vscode.Range(document.positionAt(shift + start), document.positionAt(shift + end));
}

/** Where in the analysed text a position of the document is; undefined outside of it. */
export function textOffsetAt(
  { text, offset: textStart, pair }: SelectedText,
  document: vscode.TextDocument,
  position: vscode.Position,
): number | undefined {
  const offset = document.offsetAt(position);
  const inSecond = pair !== undefined && offset >= pair.secondOffset;
  const place = offset - (inSecond ? pair.secondOffset - pair.secondStart : textStart);
  return place < 0 || place > text.length ? undefined : place;
}

/** The token at a position of the document; undefined between tokens and outside the analysed text. */
export function tokenAt(
  { source, tokens }: AnalysedPlace,
  document: vscode.TextDocument,
  position: vscode.Position,
): number | undefined {
  const place = textOffsetAt(source, document, position);
  if (place === undefined) {
    return undefined;
  }
  const inside = tokens.findIndex((token) => token.start <= place && place < token.end);
  if (inside >= 0) {
    return inside;
  }
  // Right behind the last letter of a word the cursor still means that word.
  const behind = tokens.findIndex((token) => token.end > token.start && token.end === place);
  return behind >= 0 ? behind : undefined;
}
