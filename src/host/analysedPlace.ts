import * as vscode from 'vscode';
import type { Token } from '../protocol/model';
import type { SelectedText } from './selectedText';

/** A run on the screen and the place in a document that its text came from. */
export interface AnalysedPlace {
  readonly runId: number;
  readonly source: SelectedText;
  readonly tokens: readonly Token[];
}

/** The visible editors that still show the analysed text where it was; none after it has been edited. */
export function editorsOf({ source }: AnalysedPlace): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => {
    if (document.uri.toString() !== source.uri) {
      return false;
    }
    const range = rangeIn(document, source, 0, source.text.length);
    return document.getText(range) === source.text;
  });
}

/** Where a part of the analysed text stands in its document. */
export function rangeIn(
  document: vscode.TextDocument,
  source: SelectedText,
  start: number,
  end: number,
): vscode.Range {
  return new vscode.Range(
    document.positionAt(source.offset + start),
    document.positionAt(source.offset + end),
  );
}

/** The token at a position of the document; undefined between tokens and outside the analysed text. */
export function tokenAt(
  { source, tokens }: AnalysedPlace,
  document: vscode.TextDocument,
  position: vscode.Position,
): number | undefined {
  const place = document.offsetAt(position) - source.offset;
  const inside = tokens.findIndex((token) => token.start <= place && place < token.end);
  if (inside >= 0) {
    return inside;
  }
  // Right behind the last letter of a word the cursor still means that word.
  const behind = tokens.findIndex((token) => token.end > token.start && token.end === place);
  return behind >= 0 ? behind : undefined;
}
