import { type TemplateResult, nothing } from 'lit';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { button } from '../common/controls';
import type { HistoryStore } from './historyStore';

/** Asks for more of a list of which so many rows are not shown. */
export function moreRows(
  numHidden: number,
  history: HistoryStore,
  { moreRows: label }: PromptStrings,
): TemplateResult | typeof nothing {
  return numHidden > 0 ? button(label, () => history.more(), true) : nothing;
}
