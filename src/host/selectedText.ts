import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';

/** A piece of a document that a person wants analysed. */
export interface SelectedText {
  readonly text: string;
  /** True when the selection went on beyond {@link maxCharacters}. */
  readonly wasCut: boolean;
  /** The document, and where in it the text begins, in UTF-16 units. */
  readonly uri: string;
  readonly offset: number;
  readonly name: string;
  /** One-based lines of the whole selection. */
  readonly startLine: number;
  readonly endLine: number;
}

/** More text than this is neither read nor counted; every model keeps far less. */
const maxCharacters = 100_000;

/** Languages in which a paragraph, not a line, is the unit of thought. */
const prose = new Set(['plaintext', 'markdown', 'latex', 'tex', 'restructuredtext', 'asciidoc', 'html']);

/**
 * The main selection; without one, the paragraph (in prose) or the line (in code) at the cursor.
 * @throws {ScopeError} `emptyText` or `binaryText`.
 */
export function selectedText(editor: vscode.TextEditor): SelectedText {
  const { document, selection } = editor;
  const range = selection.isEmpty ? rangeAtCursor(document, selection.active) : selection;
  const limit = document.positionAt(document.offsetAt(range.start) + maxCharacters);
  const wasCut = limit.isBefore(range.end);
  const text = document.getText(wasCut ? new vscode.Range(range.start, limit) : range);
  if (text.trim() === '') {
    throw new ScopeError('emptyText');
  }
  if (looksBinary(text)) {
    throw new ScopeError('binaryText');
  }
  return {
    text,
    wasCut,
    uri: document.uri.toString(),
    offset: document.offsetAt(range.start),
    name: document.uri.path.split('/').at(-1) ?? document.uri.path,
    startLine: range.start.line + 1,
    endLine: range.end.line + 1,
  };
}

/** A text that stands in no document. */
export function typedText(text: string): SelectedText {
  const kept = text.slice(0, maxCharacters);
  const lines = kept.split(/\r\n|\r|\n/).length;
  return {
    text: kept,
    wasCut: kept.length < text.length,
    uri: '',
    offset: 0,
    name: vscode.l10n.t('Typed text'),
    startLine: 1,
    endLine: lines,
  };
}

function rangeAtCursor(document: vscode.TextDocument, position: vscode.Position): vscode.Range {
  let first = position.line;
  let last = position.line;
  const isBlank = (line: number): boolean => document.lineAt(line).isEmptyOrWhitespace;
  if (prose.has(document.languageId) && !isBlank(position.line)) {
    while (first > 0 && !isBlank(first - 1)) {
      first--;
    }
    while (last + 1 < document.lineCount && !isBlank(last + 1)) {
      last++;
    }
  }
  return new vscode.Range(document.lineAt(first).range.start, document.lineAt(last).range.end);
}

/** NUL bytes, or many bytes that were no UTF-8: a binary file that was opened as text. */
function looksBinary(text: string): boolean {
  const sample = text.slice(0, 4096);
  const broken = sample.match(/\uFFFD/g)?.length ?? 0;
  return sample.includes('\0') || broken > sample.length / 10;
}
