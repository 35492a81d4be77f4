import * as vscode from 'vscode';
import { isScopeError, toScopeError } from '../protocol/errors';
import { type CancellationToken, CancellationTokenSource } from '../protocol/jsonrpc';
import type { Candidate, Prediction } from '../protocol/language';
import { errorText } from './errorText';
import type { Offer } from './offerLargerModel';

/** A place that words are asked for. */
export interface AskedPlace {
  readonly title: string;
  /** Which of the places it is, from 0, and how many there are. */
  readonly index: number;
  readonly count: number;
  /** What stands there now; empty for a mask and at the cursor. */
  readonly present: string;
  ask(token: CancellationToken): Promise<Prediction>;
  readonly offer?: Offer;
}

/** What the person did with a list of candidates; undefined when it was closed. */
export type Picked =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'rest'; readonly text: string }
  | { readonly kind: 'back' }
  | { readonly kind: 'offer'; readonly offer: Offer }
  | undefined;

interface CandidateItem extends vscode.QuickPickItem {
  readonly does?: Picked;
}

/** Lists what a model would write at a place, with probabilities, and lets the person take one. */
export async function pickCandidate(place: AskedPlace): Promise<Picked> {
  const picker = vscode.window.createQuickPick<CandidateItem>();
  const cancellation = new CancellationTokenSource();
  picker.title = place.title;
  picker.placeholder = vscode.l10n.t('Computing…');
  picker.matchOnDescription = true;
  picker.busy = true;
  if (place.count > 1) {
    picker.step = place.index + 1;
    picker.totalSteps = place.count;
    picker.buttons = place.index > 0 ? [vscode.QuickInputButtons.Back] : [];
  }
  const chosen = new Promise<Picked>((resolve) => {
    picker.onDidAccept(() => {
      const [selected] = picker.selectedItems;
      // Enter before there is anything to take must not close the list.
      if (selected) {
        resolve(selected.does);
      }
    });
    picker.onDidTriggerButton(() => resolve({ kind: 'back' }));
    picker.onDidHide(() => resolve(undefined));
  });
  picker.show();
  place.ask(cancellation.token).then(
    (prediction) => showCandidates(picker, prediction, place),
    (error: unknown) => {
      if (!isScopeError(error, 'cancelled')) {
        showFailure(picker, error);
      }
    },
  );
  const picked = await chosen;
  cancellation.cancel();
  picker.dispose();
  return picked;
}

function showCandidates(
  picker: vscode.QuickPick<CandidateItem>,
  { head, candidates }: Prediction,
  { present, offer, index, count }: AskedPlace,
): void {
  picker.busy = false;
  const last = index === count - 1;
  picker.placeholder = last
    ? head === 'masked'
      ? vscode.l10n.t('Predicted from both sides. Enter inserts the word, Escape changes nothing.')
      : vscode.l10n.t('Predicted from the preceding text. Enter inserts the word, Escape changes nothing.')
    : vscode.l10n.t('Enter takes the word and moves on; all are written together. Escape changes nothing.');
  const items = candidates.map((candidate) => itemOf(candidate, present));
  const [likeliest] = candidates;
  if (!last && likeliest) {
    items.push({
      label: `$(check-all) ${vscode.l10n.t('Take the likeliest here and in the remaining {0}', count - index - 1)}`,
      does: { kind: 'rest', text: likeliest.text },
    });
  }
  if (offer) {
    items.push({ ...offer.item, does: { kind: 'offer', offer } });
    offer.shown();
  }
  picker.items = items;
}

function itemOf({ piece, text, probability }: Candidate, present: string): CandidateItem {
  const word = text.trim();
  const visible = word === '' ? JSON.stringify(text === '' ? piece : text) : word;
  const share = `${(probability * 100).toFixed(probability < 0.001 ? 4 : 2)}%`;
  const here = word !== '' && word.toLowerCase() === present.trim().toLowerCase();
  const note = here ? ` · ${vscode.l10n.t('the current word')}` : '';
  // A special token adds nothing to a text, so it can be seen but not written.
  const does: Picked = text === '' ? undefined : { kind: 'word', text };
  return { label: visible, description: `${share}${note}`, ...(does ? { does } : {}) };
}

function showFailure(picker: vscode.QuickPick<CandidateItem>, error: unknown): void {
  const { message, detail } = errorText(toScopeError(error));
  picker.busy = false;
  picker.placeholder = '';
  picker.items = [{ label: `$(error) ${message}`, detail: detail ?? '', alwaysShow: true }];
}
