import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import { NextSentence, Tokenize } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { fitPair } from '../text/fitPair';
import { excerpt, onOneLine, sentenceRanges } from '../text/sentenceRanges';
import { whileBusy } from './busy';
import { percentOf } from './numbers';
import { RangeMark } from './rangeMark';
import { type ResultItem, showResults } from './resultList';
import { selectedTexts } from './selectedText';
import { type TextServices, withHead } from './textServices';
import { tableCell } from '../text/tableCell';

/** Each pair takes two passes, and nobody reads a longer list. */
const mostPairs = 40;
/** `[CLS]` and two `[SEP]`, and what a word may gain that is cut in the middle. */
const frame = 8;

/** Two texts that stand next to one another. */
export interface SentencePair {
  readonly first: string;
  readonly second: string;
  /** That the second follows the first in their source, and the other way round. */
  readonly probability: number;
  readonly reversed: number;
  /** Whether only the end of the first and the beginning of the second were read. */
  readonly wasCut: boolean;
}

interface PlacedText {
  readonly text: string;
  readonly range: vscode.Range;
}

/**
 * How likely the model finds it that one text follows the other: two selections, or the sentences of one selection
 * or paragraph, each with the next.
 */
export async function nextSentences(
  services: TextServices,
  editor: vscode.TextEditor,
): Promise<SentencePair[]> {
  const texts = placedTexts(editor);
  if (texts.length < 2) {
    throw new ScopeError('needsTwoTexts');
  }
  const model = await services.taskModels.for('nextSentence');
  const count = Math.min(texts.length - 1, mostPairs);
  const pairs = await whileBusy(vscode.l10n.t('Comparing {0} pairs', count), async (token, tell) => {
    const found: SentencePair[] = [];
    while (found.length < count) {
      const [one, two] = texts.slice(found.length, found.length + 2) as [PlacedText, PlacedText];
      found.push(await judge(services, model, one.text, two.text, token));
      tell(found.length / count);
    }
    return found;
  });
  show(services, editor, texts, pairs, model);
  return pairs;
}

function placedTexts(editor: vscode.TextEditor): PlacedText[] {
  const { document } = editor;
  const selected = selectedTexts(editor);
  const placed = (offset: number, text: string): PlacedText => ({
    text: onOneLine(text),
    range: new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length)),
  });
  const [only] = selected;
  return selected.length === 1 && only
    ? sentenceRanges(only.text).map(({ start, end }) =>
        placed(only.offset + start, only.text.slice(start, end)),
      )
    : selected.map(({ offset, text }) => placed(offset, text));
}

async function judge(
  { client }: TextServices,
  model: ModelSource,
  one: string,
  two: string,
  token: CancellationToken,
): Promise<SentencePair> {
  const params = { model, owner: 'nextSentence' };
  const ask = async (first: string, second: string): Promise<{ probability: number; wasCut: boolean }> => {
    const read = await Promise.all(
      [first, second].map((text, index) =>
        client.request(Tokenize, { ...params, owner: `nextSentence ${index}`, text }, token),
      ),
    );
    const [a, b] = read.map(({ tokens }) => tokens.filter(({ start, end }) => end > start));
    const room = (read[0]?.maxTokens ?? Infinity) - frame;
    const fitted = fitPair([first, second], [a ?? [], b ?? []], room);
    const { probability } = await withHead(
      model.id,
      client.request(NextSentence, { ...params, ...fitted }, token),
    );
    return { probability, wasCut: fitted.wasCut };
  };
  const { probability, wasCut } = await ask(one, two);
  return { first: one, second: two, probability, reversed: (await ask(two, one)).probability, wasCut };
}

function show(
  { log }: TextServices,
  editor: vscode.TextEditor,
  texts: readonly PlacedText[],
  pairs: readonly SentencePair[],
  model: ModelSource,
): void {
  const { t } = vscode.l10n;
  const items = pairs.map((pair, index): ResultItem & { index: number } => ({
    index,
    label: `${pair.probability >= 0.5 ? '$(check)' : '$(close)'} ${percentOf(pair.probability)}`,
    description: [
      t('{0} in reverse order', percentOf(pair.reversed)),
      ...(pair.wasCut ? [t('only the part where they meet was read')] : []),
    ].join(' · '),
    detail: `“${excerpt(pair.first, 40)}” → “${excerpt(pair.second, 40)}”`,
    copies: rowOf(pair),
  }));
  const table = [`${t('first')}\t${t('second')}\tp\t${t('p in reverse order')}`, ...pairs.map(rowOf)];
  const mark = new RangeMark(editor);
  const marked = (index: number): vscode.Range[] => texts.slice(index, index + 2).map(({ range }) => range);
  showResults(
    {
      title: t('Does the next one follow? · {0}', model.id),
      placeholder:
        texts.length - 1 > pairs.length
          ? t('The first {0} of {1} pairs. Enter copies a line.', pairs.length, texts.length - 1)
          : t('How likely the second is to follow the first in the original text. Enter copies a line.'),
      items: [
        ...items,
        ...(pairs.length > 1
          ? [{ label: `$(copy) ${t('Copy all as a table')}`, copies: table.join('\n') }]
          : []),
      ],
      onActive: (item) => mark.show(...('index' in item ? marked(item.index as number) : [])),
      onClosed: () => mark.dispose(),
    },
    log,
  );
}

function rowOf({ first, second, probability, reversed }: SentencePair): string {
  return [tableCell(first), tableCell(second), probability.toFixed(4), reversed.toFixed(4)].join('\t');
}
