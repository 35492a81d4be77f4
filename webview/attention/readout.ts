import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import type { ComparedRun } from './comparedRun';
import type { Store } from './store';

/** The one line that says in words and numbers what is pointed at. */
export function readout(store: Store, compared: ComparedRun): string {
  const { strings } = store.snapshot;
  const { matrix, view, pair, focus, pinned } = store;
  if (!matrix || !view) {
    return '';
  }
  const name = (index: number): string => {
    const token = store.units[index];
    return token ? shortText(token) : '';
  };
  const place = (index: number): number => placeOf(store, index);
  const names = (units: readonly number[]): string => units.map(name).join(', ');
  const joins = focus && focus.units.length > 1 && pinned.length > 1;
  if (pair && joins && store.cell === null) {
    const other = focus.side === 'query' ? pair.key : pair.query;
    const template = focus.side === 'query' ? strings.pinsAttend : strings.pinsAttended;
    const how = store.lens.pins === 'sum' ? strings.pinsSum : strings.pinsMean;
    return fill(template, names(focus.units), name(other), place(other), how, formatWeight(pair.weight));
  }
  if (pair) {
    const { query, key, weight } = pair;
    const own = formatWeight(weight);
    const told = fill(strings.queryAttends, name(query), place(query), name(key), place(key), own);
    const other = compared.pair?.weight;
    return other === undefined
      ? told
      : `${told} · ${fill(strings.comparedPair, formatWeight(other), signed(weight - other))}`;
  }
  if (pinned.length > 0) {
    return fill(strings.pinned, names(pinned));
  }
  const [unit] = focus?.units ?? [];
  if (!focus || unit === undefined) {
    return view.grid ? strings.pictureHint : strings.pinHint;
  }
  const most = focus.links
    .slice(0, 3)
    .map((link) => `“${name(focus.side === 'query' ? link.key : link.query)}” ${formatWeight(link.weight)}`);
  const template = focus.side === 'query' ? strings.rowSummary : strings.columnSummary;
  return fill(template, name(unit), place(unit), most.join(', '));
}

/** A difference with its sign. */
export function signed(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(4)}`;
}

/** The position of a unit as it is told: in a target, counted from the target's start. */
export function placeOf({ units, view }: Store, unit: number): number {
  const border = units[unit]?.text2 && view?.stacks ? units.findIndex((each) => each.text2) : 0;
  return unit - border;
}
