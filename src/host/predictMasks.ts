import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import { Predict, type Prediction } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { around } from '../text/maskPlaces';
import { whileBusy } from './busy';
import { pickCandidate } from './candidatePicker';
import { type MaskedPlaces, maskedPlaces, maxContext } from './maskedPlaces';
import { maskTokenOf } from './modelConfig';
import type { Offer } from './offerLargerModel';
import { RangeMark } from './rangeMark';
import { type TextServices, withHead } from './textServices';

const numCandidates = 20;

/** What was written, and by which model. */
export interface WrittenWords {
  readonly model: string;
  /** One for each place, as they stand in the document now. */
  readonly words: readonly string[];
}

/**
 * Asks the model which words belong in place of the masks in the selection or paragraph, in place of the selected
 * words, or at the cursor. Several places are asked for one after the other, each with the words that were chosen
 * before it; all are written as one edit, which one undo takes back. Escape leaves the text alone.
 * @returns undefined when nothing was written
 */
export async function predictMasks(
  services: TextServices,
  editor: vscode.TextEditor,
  offer?: Offer,
): Promise<WrittenWords | undefined> {
  const { document } = editor;
  const { version } = document;
  const encoder = await services.taskModels.for('masks');
  const own = await maskTokenOf(encoder.folder);
  const wanted = maskedPlaces(editor, own);
  const model = wanted.kind === 'cursor' ? await atCursor(services, encoder) : encoder;
  const asking = { services, model, mask: own ?? '[MASK]', wanted };
  const mark = new RangeMark(editor);
  let words: string[] | undefined;
  try {
    words = await choose(editor, asking, mark, offer);
  } finally {
    mark.dispose();
  }
  if (!words) {
    return undefined;
  }
  if (document.isClosed || document.version !== version) {
    throw new ScopeError('textChanged');
  }
  await write(editor, wanted, words);
  return { model: model.id, words };
}

/** At a cursor the chosen model writes on where it can, from what stands before. */
async function atCursor(services: TextServices, encoder: ModelSource): Promise<ModelSource> {
  const current = services.models.current();
  return (await services.taskModels.tasksOf(current)).includes('generation') ? current : encoder;
}

interface Asking {
  readonly services: TextServices;
  readonly model: ModelSource;
  /** How the model writes a mask. */
  readonly mask: string;
  readonly wanted: MaskedPlaces;
}

/** One word for each place, or undefined when the person has closed the list. */
async function choose(
  editor: vscode.TextEditor,
  asking: Asking,
  mark: RangeMark,
  offer: Offer | undefined,
): Promise<string[] | undefined> {
  const { model, wanted } = asking;
  const fills: string[] = [];
  while (fills.length < wanted.places.length) {
    const index = fills.length;
    const place = rangeOf(editor.document, wanted, index);
    mark.show(place);
    const picked = await pickCandidate({
      title: titleOf(wanted, model),
      index,
      count: wanted.places.length,
      present: wanted.kind === 'words' ? editor.document.getText(place) : '',
      ask: (token) => predict(asking, fills, token),
      ...(offer && index === 0 ? { offer } : {}),
    });
    switch (picked?.kind) {
      case undefined:
        return undefined;
      case 'offer':
        await picked.offer.accept();
        return undefined;
      case 'back':
        fills.pop();
        break;
      case 'word':
        fills.push(picked.text);
        break;
      case 'rest':
        return fillRest(asking, [...fills, picked.text]);
    }
  }
  return fills;
}

/** The likeliest word for each place that is still open, each with those before it. */
function fillRest(asking: Asking, chosen: readonly string[]): Promise<string[]> {
  const count = asking.wanted.places.length;
  return whileBusy(vscode.l10n.t('Predicting {0} words', count), async (token, tell) => {
    const fills = [...chosen];
    while (fills.length < count) {
      tell(fills.length / count);
      const { candidates } = await predict(asking, fills, token);
      // A special token cannot be written; the next one can.
      fills.push(candidates.find(({ text }) => text !== '')?.text ?? '');
    }
    return fills;
  });
}

/** What belongs at the first place that is not filled. */
function predict(
  { services, model, mask, wanted }: Asking,
  fills: readonly string[],
  token: CancellationToken,
): Promise<Prediction> {
  const context = around(wanted.text, wanted.places, fills, fills.length, mask, maxContext);
  const params = { model, owner: 'predict', ...context, topK: numCandidates };
  return withHead(model.id, services.client.request(Predict, params, token));
}

async function write(
  editor: vscode.TextEditor,
  wanted: MaskedPlaces,
  words: readonly string[],
): Promise<void> {
  const { document } = editor;
  const { version } = document;
  const ranges = words.map((_, index) => rangeOf(document, wanted, index));
  const isNew = words.some((word, index) => word !== document.getText(ranges[index]));
  const written = await editor.edit((builder) => {
    ranges.forEach((range, index) => builder.replace(range, words[index] as string));
  });
  // An editor that is read-only says that it has written, and has not.
  if (!written || (isNew && document.version === version)) {
    throw new ScopeError('readOnlyText');
  }
  // The cursor goes behind what was written last, where the next prediction belongs.
  const grown = words.reduce((sum, word, index) => {
    const { start, end } = wanted.places[index] as { start: number; end: number };
    return sum + word.length - (end - start);
  }, 0);
  const end = document.positionAt(wanted.offset + (wanted.places.at(-1)?.end ?? 0) + grown);
  editor.selection = new vscode.Selection(end, end);
}

function titleOf({ kind }: MaskedPlaces, { id }: ModelSource): string {
  return kind === 'masks'
    ? vscode.l10n.t('What does {0} fill in?', id)
    : vscode.l10n.t('What would {0} write here?', id);
}

function rangeOf(
  document: vscode.TextDocument,
  { offset, places }: MaskedPlaces,
  index: number,
): vscode.Range {
  const { start, end } = places[index] as { start: number; end: number };
  return new vscode.Range(document.positionAt(offset + start), document.positionAt(offset + end));
}
