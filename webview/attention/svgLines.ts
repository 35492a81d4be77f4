import type { Theme } from '../common/theme';
import { visibleText } from '../common/tokenText';
import { type Focus, linksOf } from './focus';
import type { Picture, Unit } from './picture';
import { type SvgPart, svgColor, svgShort, svgText } from './svgText';

const width = 360;
const labelWidth = 90;
const rowHeight = 16;
const maxLines = 400;

/** A head as lines from queries to keys: of what is pointed at, else the strongest. */
export function svgLines({ units, matrix: weights }: Picture, focus: Focus | null, theme: Theme): SvgPart {
  const links = focus ? linksOf(weights, focus) : weights.strongest(maxLines);
  const max = focus ? (links.at(-1)?.weight ?? 0) : weights.max;
  // Level with the matrix beside it.
  const top = labelWidth;
  const y = (place: number | undefined): number => top + ((place ?? 0) + 0.5) * rowHeight;
  const [from, to] = [labelWidth, width - labelWidth];
  const bend = (to - from) / 3;
  const paths = links
    .filter((link) => max > 0 && link.weight / max >= 0.02)
    .map(({ query, key, weight }) => {
      const share = weight / max;
      const [start, end] = [y(weights.rowOf(query)), y(weights.columnOf(key))];
      const stroke = svgColor(theme, weight * 0.686 + max * 0.314, max);
      return `<path d="M${from} ${start} C${from + bend} ${start} ${to - bend} ${end} ${to} ${end}" fill="none" stroke="${stroke}" stroke-opacity="${(0.1 + 0.9 * share).toFixed(2)}" stroke-width="${(0.5 + 2.5 * share).toFixed(2)}"/>`;
    });
  const label = (unit: number): string => svgShort(visibleText(units[unit] as Unit));
  const labels = [
    ...weights.queries.map((unit, row) =>
      svgText(from - 4, y(row) + 4, label(unit), theme.foreground, 'text-anchor="end"'),
    ),
    ...weights.keys.map((unit, column) => svgText(to + 4, y(column) + 4, label(unit), theme.foreground)),
  ];
  const rows = Math.max(weights.queries.length, weights.keys.length);
  return { width, height: top + rows * rowHeight, content: [...paths, ...labels].join('\n') };
}
