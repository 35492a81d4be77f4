import { shortText } from '../common/tokenText';
import type { Unit } from './picture';

const made = new WeakMap<readonly Unit[], Map<number, readonly string[]>>();

/** The units as axes name them. Made once per text: heads change far more often than it does. */
export function unitLabels(units: readonly Unit[], limit: number): readonly string[] {
  const byLimit = made.get(units) ?? new Map<number, readonly string[]>();
  made.set(units, byLimit);
  const labels = byLimit.get(limit) ?? units.map((unit) => shortText(unit, limit));
  byLimit.set(limit, labels);
  return labels;
}
