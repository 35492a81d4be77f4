import * as vscode from 'vscode';
import { Tokenize, type TokenizedText } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { type TokenMark, numContent, readEnd, tokenMarks } from '../text/tokenMarks';
import { whileBusy } from './busy';
import type { Overlay, OverlayMark } from './documentOverlay';
import { commandIds } from './ids';
import { plainHover } from './plainHover';
import { type SelectedText, selectedTexts } from './selectedText';
import type { TextServices } from './textServices';

/** More borders than this make an editor slow. */
const mostMarks = 5000;
const mostTexts = 50;

/** What the legend's action hands to the command: the same texts, by a model that is asked for. */
export const anotherModel = 'anotherModel';

/** Texts as a model divides them. */
export interface ShownTokens {
  readonly model: string;
  /** One for each selection. */
  readonly texts: readonly TokenizedText[];
}

/** Draws the borders of tokens over the selections, or the paragraph at the cursor. */
export class TokenView {
  /** What is drawn, so that another model can be given the same. */
  private last:
    { readonly document: vscode.TextDocument; readonly texts: readonly SelectedText[] } | undefined;

  constructor(private readonly services: TextServices) {}

  /**
   * By the chosen model, or by one that is picked.
   * @returns undefined when no model was picked
   */
  async show(editor: vscode.TextEditor, argument?: unknown): Promise<ShownTokens | undefined> {
    const { overlay, chooser, models } = this.services;
    if (
      argument === anotherModel &&
      this.last &&
      overlay.current?.uri === this.last.document.uri.toString()
    ) {
      const { document, texts } = this.last;
      const picked = await chooser.pick('text', vscode.l10n.t('Which model’s tokens?'));
      return picked && this.draw(document, texts, picked);
    }
    return this.draw(editor.document, selectedTexts(editor, mostTexts), models.current());
  }

  private async draw(
    document: vscode.TextDocument,
    texts: readonly SelectedText[],
    model: ModelSource,
  ): Promise<ShownTokens> {
    const { version } = document;
    const tokenized = await whileBusy(vscode.l10n.t('Dividing the text into tokens'), async (token) => {
      const found: TokenizedText[] = [];
      for (const { text } of texts) {
        found.push(await this.services.client.request(Tokenize, { model, owner: 'tokens', text }, token));
      }
      return found;
    });
    if (!document.isClosed && document.version === version) {
      this.services.overlay.show(overlayOf(document, texts, tokenized, model));
      this.last = { document, texts };
    }
    return { model: model.id, texts: tokenized };
  }
}

function overlayOf(
  document: vscode.TextDocument,
  texts: readonly SelectedText[],
  tokenized: readonly TokenizedText[],
  model: ModelSource,
): Overlay {
  const { t } = vscode.l10n;
  const marks = texts.flatMap((text, index) => marksOf(text, tokenized[index] as TokenizedText));
  const count = tokenized.reduce((sum, { tokens }) => sum + numContent(tokens), 0);
  const added = tokenized.reduce((sum, { tokens }) => sum + tokens.length - numContent(tokens), 0);
  const numCharacters = texts.reduce((sum, { text }) => sum + Array.from(text).length, 0);
  const maxTokens = tokenized[0]?.maxTokens ?? null;
  const longest = tokenized.reduce((most, { totalTokens }) => Math.max(most, totalTokens), 0);
  const legend = [
    model.id,
    count === 1 ? t('1 token') : t('{0} tokens', count.toLocaleString(vscode.env.language)),
    t('{0} characters a token', (count === 0 ? 0 : numCharacters / count).toFixed(2)),
    ...(maxTokens !== null && longest > maxTokens
      ? [t('longer than the {0} that the model reads', maxTokens)]
      : []),
    ...(texts.some(({ wasCut }) => wasCut) ? [t('only the beginning of the selection')] : []),
    ...(marks.length > mostMarks ? [t('the first {0} are drawn', mostMarks)] : []),
  ].join(' · ');
  return {
    uri: document.uri.toString(),
    scale: 'alternating',
    marks: marks.slice(0, mostMarks),
    line: (texts[0]?.startLine ?? 1) - 1,
    legend,
    explanation: t('{0} special tokens are also put around the text. Point at a token to see its id.', added),
    actions: [{ title: t('With Another Model…'), command: commandIds.showTokens, arguments: [anotherModel] }],
  };
}

function marksOf({ text, offset }: SelectedText, { tokens, maxTokens }: TokenizedText): OverlayMark[] {
  const end = readEnd(text, tokens, maxTokens);
  return tokenMarks(text, tokens)
    .slice(0, mostMarks + 1)
    .map((mark) => ({
      start: offset + mark.start,
      end: offset + mark.end,
      strength: 1,
      hover: plainHover(...hoverOf(mark, mark.start >= end)),
    }));
}

function hoverOf({ tokens, index, start, end, startByte, endByte }: TokenMark, unread: boolean): string[] {
  const { t } = vscode.l10n;
  return [
    ...tokens.map(({ piece, id }, each) => t('Token {0}: {1} · id {2}', index + each, piece, id)),
    ...(tokens.length > 1 ? [t('They share a character.')] : []),
    t(
      'Characters {0}–{1}, bytes {2}–{3} (UTF-8, counted from 0, end not included)',
      start,
      end,
      startByte,
      endByte,
    ),
    ...(unread ? [t('Beyond what this model reads.')] : []),
  ];
}
