import type { Token } from '../protocol/model';
import { characterGroups } from './characterGroups';

/** Tokens that are drawn as one, since they share a character. */
export interface TokenMark {
  readonly start: number;
  readonly end: number;
  /** In UTF-8, from the beginning of the text. */
  readonly startByte: number;
  readonly endByte: number;
  /** Index of the first token among all tokens. */
  readonly index: number;
  readonly tokens: readonly Token[];
}

/** What can be drawn of a tokenised text, in order; special tokens around it have no place in it. */
export function tokenMarks(text: string, tokens: readonly Token[]): TokenMark[] {
  const marks: TokenMark[] = [];
  const encoder = new TextEncoder();
  const bytesBetween = (from: number, to: number): number => encoder.encode(text.slice(from, to)).length;
  let [reached, bytes] = [0, 0];
  for (const { from, to } of characterGroups(tokens)) {
    const members = tokens.slice(from, to).filter(({ start, end }) => end > start);
    if (members.length === 0) {
      continue;
    }
    const start = members[0]!.start;
    const end = members.reduce((last, token) => Math.max(last, token.end), start);
    const startByte = bytes + bytesBetween(reached, start);
    const endByte = startByte + bytesBetween(start, end);
    marks.push({ start, end, startByte, endByte, index: from, tokens: members });
    [reached, bytes] = [end, endByte];
  }
  return marks;
}

/** How many of the tokens are the text's own, and not put around it. */
export function numContent(tokens: readonly Token[]): number {
  return tokens.filter(({ start, end }) => end > start).length;
}

/** Where a model stops reading a text, in UTF-16 units; its framed tokens are given without a limit. */
export function readEnd(text: string, tokens: readonly Token[], maxTokens: number | null): number {
  if (maxTokens === null || tokens.length <= maxTokens) {
    return text.length;
  }
  const content = tokens.filter(({ start, end }) => end > start);
  const room = Math.max(0, maxTokens - (tokens.length - content.length));
  return content[room - 1]?.end ?? 0;
}
