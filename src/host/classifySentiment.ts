import * as vscode from 'vscode';
import { sharedWords } from '../compare/sharedWords';
import type { CancellationToken } from '../protocol/jsonrpc';
import { Classify, type LabelProbability, Tokenize } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { contributions, withoutWord } from '../text/leaveOut';
import { readEnd } from '../text/tokenMarks';
import { type Tell, whileBusy } from './busy';
import { labelName } from './labelName';
import type { Overlay, OverlayMark } from './documentOverlay';
import { percentOf, signed } from './numbers';
import { plainHover } from './plainHover';
import { type SelectedText, selectedTexts } from './selectedText';
import { type TextServices, withHead } from './textServices';

/** One forward pass is needed for each word, so of longer texts only the beginning is taken apart. */
const mostWords = 200;
const mostTexts = 20;
/** This change in log-odds gets the strongest colour, unless a word of the text changes more. */
const fullColour = 1;

/** A word of a text and what the label's probability is without it. */
export interface LeftOutWord {
  /** In UTF-16 units of the document. */
  readonly start: number;
  readonly end: number;
  readonly without: number;
}

/** What a classifier says of one text. */
export interface ClassifiedText {
  readonly model: string;
  /** Likeliest first. */
  readonly labels: readonly LabelProbability[];
  readonly words: readonly LeftOutWord[];
  /** How much of the text was read and taken apart. */
  readonly cut: 'nothing' | 'read' | 'words';
}

/**
 * Classifies the selections, or the paragraph at the cursor, by the model for sentiment, and draws behind each word
 * what it contributes: how the label's log-odds change when the word is left out.
 */
export async function classifySentiment(
  services: TextServices,
  editor: vscode.TextEditor,
): Promise<ClassifiedText[]> {
  const { document } = editor;
  const texts = selectedTexts(editor, mostTexts);
  const { version } = document;
  const model = await services.taskModels.for('sentiment');
  const classified = await whileBusy(vscode.l10n.t('Leaving out each word in turn'), async (token, tell) => {
    const results: ClassifiedText[] = [];
    for (const [index, text] of texts.entries()) {
      const tellPart: Tell = (share) => tell((index + share) / texts.length);
      results.push(await classifyText(services, model, text, token, tellPart));
    }
    return results;
  });
  // What was measured is of the old text.
  if (!document.isClosed && document.version === version) {
    services.overlay.show(overlayOf(document, texts, classified));
  }
  return classified;
}

async function classifyText(
  { client }: TextServices,
  model: ModelSource,
  source: SelectedText,
  token: CancellationToken,
  tell: Tell,
): Promise<ClassifiedText> {
  const params = { model, owner: 'sentiment' };
  const { tokens, maxTokens } = await client.request(Tokenize, { ...params, text: source.text }, token);
  const text = source.text.slice(0, readEnd(source.text, tokens, maxTokens));
  const classify = (each: string): Promise<readonly LabelProbability[]> =>
    withHead(model.id, client.request(Classify, { ...params, text: each }, token));
  const labels = await classify(text);
  const [top] = labels;
  const all = sharedWords(text, []);
  const words: LeftOutWord[] = [];
  for (const { start, end } of all.slice(0, mostWords)) {
    const without = await classify(withoutWord(text, { start, end }));
    words.push({
      start: source.offset + start,
      end: source.offset + end,
      without: without.find(({ label }) => label === top?.label)?.probability ?? 0,
    });
    tell(words.length / all.length);
  }
  const cut =
    all.length > mostWords ? 'words' : text.length < source.text.length || source.wasCut ? 'read' : 'nothing';
  return { model: model.id, labels, words, cut };
}

function overlayOf(
  document: vscode.TextDocument,
  texts: readonly SelectedText[],
  classified: readonly ClassifiedText[],
): Overlay {
  const { t } = vscode.l10n;
  const said = classified.map(
    ({ labels: [top] }) => `${labelName(top?.label ?? '')} ${percentOf(top?.probability ?? 0)}`,
  );
  const cut = classified.find((each) => each.cut !== 'nothing')?.cut;
  const legend = [
    said.slice(0, 4).join(', ') + (said.length > 4 ? ', …' : ''),
    classified[0]?.model ?? '',
    t('blue speaks for it, orange against'),
    ...(cut === 'words' ? [t('only the first {0} words are analysed', mostWords)] : []),
    ...(cut === 'read' ? [t('the model read only what is coloured')] : []),
  ].join(' · ');
  return {
    uri: document.uri.toString(),
    scale: 'diverging',
    marks: classified.flatMap((each) => marksOf(document, each)),
    line: (texts[0]?.startLine ?? 1) - 1,
    legend,
    explanation: [
      ...classified.map(({ labels }) =>
        labels.map(({ label, probability }) => `${labelName(label)} ${percentOf(probability)}`).join(', '),
      ),
      t('Each word is left out in turn: what its colour shows is how the log-odds of the label change.'),
    ].join('\n'),
  };
}

function marksOf(document: vscode.TextDocument, { labels: [top], words }: ClassifiedText): OverlayMark[] {
  if (!top) {
    return [];
  }
  const shares = contributions(
    top.probability,
    words.map(({ without }) => without),
    fullColour,
  );
  const label = labelName(top.label);
  return words.map(({ start, end, without }, index) => {
    const word = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end)));
    const points = signed(100 * (top.probability - without), 1);
    const verdict =
      top.probability >= without
        ? vscode.l10n.t('“{0}” speaks for “{1}”', word, label)
        : vscode.l10n.t('“{0}” speaks against “{1}”', word, label);
    return {
      start,
      end,
      strength: shares[index] as number,
      hover: plainHover(
        verdict,
        vscode.l10n.t(
          '{0} with it, {1} without it: {2} points',
          percentOf(top.probability),
          percentOf(without),
          points,
        ),
      ),
    };
  });
}
