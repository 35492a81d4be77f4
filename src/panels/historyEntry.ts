import { createHash } from 'node:crypto';
import type { SelectedText } from '../host/selectedText';
import type { ModelSource } from '../protocol/model';
import type { Compared } from './attentionComparison';
import type { AskedAgain, CompareRequest } from './compareSession';

/** A text or a picture whose attention was looked at. */
export interface KeptAttention {
  readonly kind: 'attention';
  readonly subject: { readonly text: SelectedText } | { readonly picture: string };
  readonly model: ModelSource;
  readonly compared?: Compared;
}

/** Two models on a text. */
export interface KeptComparison {
  readonly kind: 'comparison';
  readonly request: CompareRequest;
  readonly notes: string;
  /** What the reader asked for beyond the first measurement. */
  readonly asked?: AskedAgain;
}

export type HistoryContent = KeptAttention | KeptComparison;

/** Something that was looked at, with all that it takes to see it again: never what was computed. */
export interface HistoryEntry {
  readonly id: string;
  readonly content: HistoryContent;
  /** What the person calls it. */
  readonly name?: string;
  /** When it was last analysed, in milliseconds since 1970. */
  readonly time: number;
  /** Characters of the text that were not kept. */
  readonly dropped?: number;
  /** Where the reader was on the page; only the page knows what it means. */
  readonly look?: unknown;
}

/** Of one entry's text. Models read far less. */
export const maxCharacters = 20_000;

/** An entry as it is kept: the same text by the same models is the same entry, in every window. */
export function entryOf(content: HistoryContent, time: number): HistoryEntry {
  const { kept, dropped } = shortened(content);
  return { id: idOf(kept), content: kept, time, ...(dropped > 0 ? { dropped } : {}) };
}

/** A page's state that is small enough to be kept. */
export function keptLook(look: unknown): unknown {
  const text = JSON.stringify(look) as string | undefined;
  return text !== undefined && text.length <= maxCharacters ? look : undefined;
}

/** What an entry is about, in one line: the picture's name, or the text's beginning. */
export function titleOf({ name, content }: Pick<HistoryEntry, 'name' | 'content'>): string {
  if (name !== undefined) {
    return name;
  }
  if (content.kind === 'attention' && 'picture' in content.subject) {
    return readable(content.subject.picture.split('/').at(-1) ?? '');
  }
  return oneLine(textOf(content)?.text ?? '');
}

/** A part of an address as people read it; one that is no address stays as it is. */
function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The beginning of a text without its line breaks. */
export function oneLine(text: string): string {
  return [...text.slice(0, 400).trim().replace(/\s+/g, ' ')].slice(0, 120).join('').trimEnd();
}

/** The text of an entry; undefined for a picture. */
export function textOf(content: HistoryContent): SelectedText | undefined {
  if (content.kind === 'comparison') {
    return content.request.text;
  }
  return 'text' in content.subject ? content.subject.text : undefined;
}

function idOf(content: HistoryContent): string {
  const text = textOf(content);
  const isPicture = content.kind === 'attention' && 'picture' in content.subject;
  const subject = isPicture ? content.subject : [text?.text, text?.pair?.secondStart];
  const models =
    content.kind === 'comparison'
      ? [content.request.models.left.folder, content.request.models.right.folder]
      : [content.model.folder];
  const hash = createHash('sha256').update(JSON.stringify([content.kind, subject, models]));
  return hash.digest('hex').slice(0, 32);
}

function shortened(content: HistoryContent): { kept: HistoryContent; dropped: number } {
  if (content.kind === 'comparison') {
    const { text, dropped } = shortText(content.request.text);
    const notes = cut(content.notes, maxCharacters);
    return { kept: { ...content, notes, request: { ...content.request, text } }, dropped };
  }
  const { compared, ...rest } = content;
  const isShort = compared?.with !== 'text' || compared.text.length <= maxCharacters;
  const kept = { ...rest, ...(compared && isShort ? { compared } : {}) };
  if ('picture' in content.subject) {
    return { kept, dropped: 0 };
  }
  const { text, dropped } = shortText(content.subject.text);
  return { kept: { ...kept, subject: { text } }, dropped };
}

/** The beginning of a text, or of both texts of a pair. */
function shortText(selected: SelectedText): { text: SelectedText; dropped: number } {
  const { text, pair } = selected;
  if (text.length <= maxCharacters) {
    return { text: selected, dropped: 0 };
  }
  if (!pair) {
    const kept = cut(text, maxCharacters);
    return { text: { ...selected, text: kept, wasCut: true }, dropped: text.length - kept.length };
  }
  const first = cut(text.slice(0, pair.firstEnd), maxCharacters / 2);
  const second = cut(text.slice(pair.secondStart), maxCharacters / 2);
  const kept = `${first}\n${second}`;
  return {
    text: {
      ...selected,
      text: kept,
      wasCut: true,
      pair: { ...pair, firstEnd: first.length, secondStart: first.length + 1 },
    },
    dropped: text.length - kept.length,
  };
}

/** Never between the halves of a character. */
function cut(text: string, length: number): string {
  const isSplit = /[\uD800-\uDBFF]/.test(text[length - 1] ?? '');
  return text.slice(0, isSplit && text.length > length ? length - 1 : length);
}
