import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import type { Store } from './store';

/** The one line that says in words and numbers what is pointed at. */
export function readout(store: Store): string {
  const { strings } = store.snapshot;
  const { matrix, view, pair, query } = store;
  if (!matrix || !view) {
    return '';
  }
  const name = (index: number): string => {
    const token = store.units[index];
    return token ? shortText(token) : '';
  };
  if (pair) {
    const weight = formatWeight(matrix.at(pair.query, pair.key));
    return fill(strings.queryAttends, name(pair.query), pair.query, name(pair.key), pair.key, weight);
  }
  if (query === null) {
    return strings.pinHint;
  }
  if (query === store.pinned) {
    return fill(strings.pinned, name(query));
  }
  const most = matrix
    .strongestOfRow(query, 3)
    .map((link) => `“${name(link.key)}” ${formatWeight(link.weight)}`);
  return fill(strings.rowSummary, name(query), query, most.join(', '));
}
