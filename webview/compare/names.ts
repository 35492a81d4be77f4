import type { ComparePart, Missing } from '../../src/protocol/compare';
import type { CompareStrings } from '../../src/protocol/compareStrings';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import type { Tab } from './look';

/** Names of things, and numbers, in the reader's language. */

export const tabNames = {
  reading: 'tabReading',
  blanks: 'tabBlanks',
  uses: 'tabUses',
  pretraining: 'tabPretraining',
  architecture: 'tabArchitecture',
  history: 'tabHistory',
} as const satisfies Record<Tab, keyof CompareStrings>;

export const partNames = {
  reading: 'partReading',
  cloze: 'partCloze',
  blank: 'partBlank',
  architecture: 'partArchitecture',
  pretraining: 'partPretraining',
  sentences: 'partSentences',
  uses: 'partUses',
  chat: 'partChat',
} as const satisfies Record<ComparePart, keyof CompareStrings>;

const missingNames = {
  notMasked: 'missingNotMasked',
  notCausal: 'missingNotCausal',
  noHead: 'missingNoHead',
  oneSentence: 'missingOneSentence',
  noWords: 'missingNoWords',
  noModel: 'missingNoModel',
  failed: 'missingFailed',
} as const satisfies Record<Missing['missing'], keyof CompareStrings>;

/** Why there is nothing to show, and what to do about it. */
export function missingText({ missing, detail }: Missing, model: string, strings: CompareStrings): string {
  return fill(strings[missingNames[missing]], missing === 'failed' ? (detail ?? '') : model);
}

/** A share as percent, with a decimal where it matters; what would round to zero says so. */
export function formatPercent(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) {
    return '<0.1%';
  }
  return `${percent < 10 && percent > 0 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}

export function formatBits(bits: number): string {
  return bits > 0 && bits < 0.05 ? '<0.1' : bits.toFixed(1);
}

/** A log-likelihood, with a minus that is one. */
export function formatNats(nats: number): string {
  return nats.toFixed(1).replace('-', '−');
}

/** A p-value as papers print it. */
export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}

/** A guess as people read it: blanks and line ends alone get a sign, and what has no text at all a dash. */
export function guessText(guess: string): string {
  const trimmed = guess.trim();
  return trimmed === '' ? visibleText({ text: guess, piece: '–' }) : trimmed;
}

/** Sentences one after the other: Chinese puts no blank between them. */
export function sentences(locale: string, ...each: readonly string[]): string {
  return each.filter((sentence) => sentence !== '').join(locale.toLowerCase().startsWith('zh') ? '' : ' ');
}

/** A candidate as people read it: without the blank that joins it to the text, or by its piece if it has no text. */
export function candidateText({ text, piece }: { readonly text: string; readonly piece: string }): string {
  const trimmed = text.trim();
  return visibleText({ text: trimmed, piece: text === '' ? piece : text });
}
