import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { PatchGrid } from '../../src/protocol/picture';
import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import { type Focus, focusOf } from './focus';
import type { HeadMatrix } from './headMatrix';
import type { Unit } from './picture';

/** What lies on a picture when nothing is pointed at: the row of [CLS], else the mean of all rows. */
export function restingFocus(matrix: HeadMatrix, units: readonly Unit[], grid: PatchGrid): Focus | null {
  const classUnit = grid.hasClassToken ? units.findIndex((unit) => unit.index === 0) : -1;
  const queries = matrix.rowOf(classUnit) === undefined ? matrix.queries : [classUnit];
  return focusOf(matrix, queries, 'mean');
}

/** The weights of a focus by patch; undefined where a patch is left out. */
export function weightsOfPatches(
  { links, side }: Focus,
  units: readonly Unit[],
  { numSpecial, patches }: PatchGrid,
): (number | undefined)[] {
  const weights = new Array<number | undefined>(patches.length).fill(undefined);
  for (const link of links) {
    const patch = (units[side === 'query' ? link.key : link.query]?.index ?? -1) - numSpecial;
    if (patch >= 0) {
      weights[patch] = link.weight;
    }
  }
  return weights;
}

/** Whose weights lie on the picture, what its strongest patch stands for, and what goes to [CLS] instead. */
export function captionOf(
  focus: Focus,
  units: readonly Unit[],
  grid: PatchGrid,
  strings: AttentionStrings,
): string {
  const { units: shown, side, links } = focus;
  const names = shown.map((unit) => units[unit]).filter((unit) => unit !== undefined);
  const template = side === 'query' ? strings.pictureAttends : strings.pictureAttended;
  const whose =
    names.length > 4 ? strings.pictureMean : fill(template, names.map((unit) => shortText(unit)).join(', '));
  const max = weightsOfPatches(focus, units, grid).reduce<number>(
    (most, weight) => Math.max(most, weight ?? 0),
    0,
  );
  const ofSpecial = links
    .map((link) => ({ unit: units[side === 'query' ? link.key : link.query], weight: link.weight }))
    .filter(({ unit }) => unit?.special === true)
    .map(({ unit, weight }) => `${unit ? shortText(unit) : ''} ${formatWeight(weight)}`);
  return [whose, fill(strings.pictureScale, formatWeight(max)), ...ofSpecial].join(' · ');
}
