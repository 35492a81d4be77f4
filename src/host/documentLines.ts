import type * as vscode from 'vscode';
import { looksBinary } from './selectedText';

/** Lines of a document, each with where it stands. */
export interface DocumentLines {
  readonly uri: string;
  readonly name: string;
  readonly lines: readonly { readonly text: string; readonly line: number }[];
  /** How many there are, when not all were taken. */
  readonly numOffered: number;
}

/**
 * The selected lines, or all of them where nothing is selected; blank ones left out, each text once.
 * @returns undefined where there are none, or where the file is no text
 */
export function documentLines(editor: vscode.TextEditor, most: number): DocumentLines | undefined {
  const { document, selection } = editor;
  const first = selection.isEmpty ? 0 : selection.start.line;
  const last = selection.isEmpty ? document.lineCount - 1 : selection.end.line;
  const lines = new Map<string, number>();
  let numOffered = 0;
  for (let line = first; line <= last; line++) {
    const range = document
      .lineAt(line)
      .range.intersection(selection.isEmpty ? document.lineAt(line).range : selection);
    const text = (range ? document.getText(range) : '').trim();
    if (looksBinary(text)) {
      return undefined;
    }
    if (text !== '' && !lines.has(text)) {
      numOffered++;
      if (lines.size < most) {
        lines.set(text, line + 1);
      }
    }
  }
  return lines.size === 0
    ? undefined
    : {
        uri: document.uri.toString(),
        name: document.uri.path.split('/').at(-1) ?? document.uri.path,
        lines: [...lines].map(([text, line]) => ({ text, line })),
        numOffered,
      };
}
