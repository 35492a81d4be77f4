import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { TextPair } from '../protocol/worker';

/** A piece of a document that a person wants analysed. */
export interface SelectedText {
  readonly text: string;
  /** True when the selection went on beyond {@link maxCharacters}. */
  readonly wasCut: boolean;
  /** The document, and where in it the text begins, in UTF-16 units. */
  readonly uri: string;
  readonly offset: number;
  readonly name: string;
  /** Where `text` is two texts, a line break between them: their borders, and where the second stands. */
  readonly pair?: TextPair & { readonly secondOffset: number };
  /** One-based lines of the whole selection. */
  readonly startLine: number;
  readonly endLine: number;
}

/** More text than this is neither read nor counted; every model keeps far less. */
const maxCharacters = 100_000;

/** Languages in which a paragraph, not a line, is the unit of thought. */
const prose = new Set(['plaintext', 'markdown', 'latex', 'tex', 'restructuredtext', 'asciidoc', 'html']);

/**
 * The main selection, or two selections as a pair of texts; without one, the paragraph (in prose) or the line (in code) at the cursor.
 * @throws {ScopeError} `emptyText` or `binaryText`.
 */
export function selectedText(editor: vscode.TextEditor): SelectedText {
  const { document, selection } = editor;
  const [first, second] = editor.selections
    .filter((each) => !each.isEmpty)
    .sort((a, b) => a.start.compareTo(b.start));
  if (first && second) {
    return selectedPair(document, first, second);
  }
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

/** Two selections as one text of two. @throws {ScopeError} `emptyText` or `binaryText` */
function selectedPair(
  document: vscode.TextDocument,
  first: vscode.Range,
  second: vscode.Range,
): SelectedText {
  const half = maxCharacters / 2;
  const texts = [first, second].map((range) => document.getText(range));
  const [one = '', two = ''] = texts.map((text) => text.slice(0, half));
  if (one.trim() === '' || two.trim() === '') {
    throw new ScopeError('emptyText');
  }
  if (looksBinary(one) || looksBinary(two)) {
    throw new ScopeError('binaryText');
  }
  return {
    ...joinedPair(one, two, document.offsetAt(second.start)),
    wasCut: texts.some((text) => text.length > half),
    uri: document.uri.toString(),
    offset: document.offsetAt(first.start),
    name: document.uri.path.split('/').at(-1) ?? document.uri.path,
    startLine: first.start.line + 1,
    endLine: second.end.line + 1,
  };
}

function joinedPair(
  first: string,
  second: string,
  secondOffset: number,
): Pick<SelectedText, 'text' | 'pair'> {
  const pair = { firstEnd: first.length, secondStart: first.length + 1, secondOffset };
  return { text: `${first}\n${second}`, pair };
}

/** A text, or a pair of texts, that stands in no document. */
export function typedText(text: string, second = ''): SelectedText {
  const kept = text.slice(0, maxCharacters);
  const lines = kept.split(/\r\n|\r|\n/).length;
  return {
    ...(second.trim() === '' ? { text: kept } : joinedPair(kept, second.slice(0, maxCharacters), 0)),
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
export function looksBinary(text: string): boolean {
  const sample = text.slice(0, 4096);
  const broken = sample.match(/\uFFFD/g)?.length ?? 0;
  return sample.includes('\0') || broken > sample.length / 10;
}
