import type { TextRange } from '../protocol/attention';

/** A text without one of its words, and without the blank before it (leave-one-out; Li, Monroe & Jurafsky 2016). */
export function withoutWord(text: string, { start, end }: TextRange): string {
  const before = text.slice(0, start);
  return before.replace(/[^\S\r\n]$/, '') + text.slice(end);
}

/** `ln(p / (1 − p))`, finite also where a probability was rounded to 0 or 1. */
export function logOdds(probability: number): number {
  const kept = Math.min(1 - Number.EPSILON, Math.max(Number.MIN_VALUE, probability));
  return Math.log(kept) - Math.log1p(-kept);
}

/**
 * How strongly each word speaks for (positive) or against (negative) a label, from −1 to 1. It is measured in
 * log-odds, since a sure model's probability hardly moves whatever is left out.
 * @param whole the label's probability for the whole text
 * @param without the same without each of the words
 * @param full the log-odds that get the strongest colour; of the strongest word where it is stronger
 */
export function contributions(whole: number, without: readonly number[], full: number): number[] {
  const changes = without.map((probability) => logOdds(whole) - logOdds(probability));
  const most = changes.reduce((top, change) => Math.max(top, Math.abs(change)), full);
  return changes.map((change) => change / most);
}
