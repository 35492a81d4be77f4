import * as vscode from 'vscode';
import { ScopeError, isScopeError } from '../protocol/errors';
import { CancellationTokenSource } from '../protocol/jsonrpc';
import { type Candidate, Predict, type Prediction } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import type { InferenceClient } from '../worker/client';
import { errorText } from './errorText';
import type { Offer } from './offerLargerModel';

/** More text than this on either side is beyond what a model reads. */
const maxCharacters = 20_000;
const numCandidates = 20;

interface CandidateItem extends vscode.QuickPickItem {
  /** What accepting the item writes. */
  readonly insert?: string;
  readonly offer?: Offer;
}

/**
 * Asks the model what belongs at the cursor, or in place of the selection, and shows the candidates
 * with their probabilities. Accepting one writes it (undo takes it back); Escape leaves the text alone.
 */
export async function predictToken(
  editor: vscode.TextEditor,
  model: ModelSource,
  client: InferenceClient,
  offer?: Offer,
): Promise<void> {
  const { document, selection } = editor;
  const start = document.offsetAt(selection.start);
  const end = document.offsetAt(selection.end);
  const text = document.getText();
  const before = text.slice(Math.max(0, start - maxCharacters), start);
  const after = text.slice(end, end + maxCharacters);
  if ((before + after).trim() === '') {
    throw new ScopeError('emptyText');
  }
  const version = document.version;

  const picker = vscode.window.createQuickPick<CandidateItem>();
  const cancellation = new CancellationTokenSource();
  picker.title = vscode.l10n.t('What would {0} write here?', model.id);
  picker.placeholder = vscode.l10n.t('Computing…');
  picker.matchOnDescription = true;
  picker.busy = true;
  picker.show();
  const chosen = new Promise<CandidateItem | undefined>((resolve) => {
    picker.onDidAccept(() => {
      const [selected] = picker.selectedItems;
      // Enter before there is anything to take must not close the list.
      if (selected) {
        resolve(selected);
      }
    });
    picker.onDidHide(() => resolve(undefined));
  });
  client
    .request(Predict, { model, owner: 'predict', before, after, topK: numCandidates }, cancellation.token)
    .then(
      (prediction) => showCandidates(picker, prediction, document.getText(selection), offer),
      (error: unknown) => {
        if (!isScopeError(error, 'cancelled')) {
          showFailure(picker, error);
        }
      },
    );
  const item = await chosen;
  cancellation.cancel();
  picker.dispose();
  if (item?.offer) {
    await item.offer.accept();
    return;
  }
  if (item?.insert === undefined) {
    return;
  }
  if (document.version !== version) {
    throw new ScopeError('textChanged');
  }
  const { insert } = item;
  const written = await editor.edit((builder) => builder.replace(selection, insert));
  if (!written) {
    throw new ScopeError('readOnlyText');
  }
  // The cursor goes behind what was written, where the next prediction belongs.
  editor.selection = new vscode.Selection(editor.selection.end, editor.selection.end);
}

function showCandidates(
  picker: vscode.QuickPick<CandidateItem>,
  { head, candidates }: Prediction,
  present: string,
  offer: Offer | undefined,
): void {
  picker.busy = false;
  picker.placeholder =
    head === 'masked'
      ? vscode.l10n.t('Read from both sides. Enter writes the word, Escape changes nothing.')
      : vscode.l10n.t('Read from what stands before. Enter writes the word, Escape changes nothing.');
  const items = candidates.map((candidate) => itemOf(candidate, present));
  picker.items = offer ? [...items, { ...offer.item, offer }] : items;
  offer?.shown();
}

function itemOf({ piece, text, probability }: Candidate, present: string): CandidateItem {
  const word = text.trim();
  const visible = word === '' ? JSON.stringify(text === '' ? piece : text) : word;
  const share = `${(probability * 100).toFixed(probability < 0.001 ? 4 : 2)} %`;
  const here = word !== '' && word.toLowerCase() === present.trim().toLowerCase();
  const note = here ? ` · ${vscode.l10n.t('stands here now')}` : '';
  // A special token adds nothing to a text, so it can be seen but not written.
  return { label: visible, description: `${share}${note}`, ...(text === '' ? {} : { insert: text }) };
}

function showFailure(picker: vscode.QuickPick<CandidateItem>, error: unknown): void {
  const failure = error instanceof ScopeError ? error : new ScopeError('internal', String(error));
  const { message, detail } = errorText(failure);
  picker.busy = false;
  picker.placeholder = '';
  picker.items = [{ label: `$(error) ${message}`, detail: detail ?? '', alwaysShow: true }];
}
