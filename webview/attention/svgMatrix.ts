import { formatWeight } from '../common/format';
import type { Theme } from '../common/theme';
import { visibleText } from '../common/tokenText';
import type { Focus } from './focus';
import type { Picture, Unit } from './picture';
import { type SvgPart, svgColor, svgEscape, svgFrame, svgShort, svgText } from './svgText';

const labelWidth = 90;

/** A head as a matrix of vectors with its labels; every cell tells its number. */
export function svgMatrix(
  { units, matrix: weights }: Picture,
  focus: Focus | null,
  /** The weight at the end of the colour scale. */
  max: number,
  /** The matrix as a data URL, for more cells than a drawing program takes. */
  bitmap: string | null,
  theme: Theme,
): SvgPart {
  const { queries, keys } = weights;
  // Beyond this a cell would be too small to see; the file stays open-able.
  const cell = Math.max(2, Math.min(18, Math.floor(720 / Math.max(queries.length, keys.length))));
  const [left, top] = [labelWidth, labelWidth];
  const [width, height] = [cell * keys.length, cell * queries.length];
  const name = (unit: number): string => visibleText(units[unit] as Unit);
  const parts: string[] = [];
  if (bitmap !== null) {
    parts.push(
      `<image x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" href="${bitmap}" style="image-rendering:pixelated"/>`,
    );
  }
  (bitmap === null ? queries : []).forEach((query, row) => {
    keys.forEach((key, column) => {
      const weight = weights.at(query, key);
      if (weight > 0) {
        const title = svgEscape(`${name(query)} → ${name(key)}: ${formatWeight(weight)}`);
        parts.push(
          `<rect x="${left + column * cell}" y="${top + row * cell}" width="${cell}" height="${cell}" fill="${svgColor(theme, weight, max)}"><title>${title}</title></rect>`,
        );
      }
    });
  });
  const stride = Math.max(1, Math.ceil(12 / cell));
  queries.forEach((query, row) => {
    if (row % stride === 0) {
      const y = top + (row + 0.5) * cell + 4;
      parts.push(svgText(left - 5, y, svgShort(name(query)), theme.muted, 'text-anchor="end"'));
    }
  });
  keys.forEach((key, column) => {
    if (column % stride === 0) {
      const x = left + (column + 0.5) * cell + 4;
      parts.push(
        `<text transform="translate(${x} ${top - 5}) rotate(-90)" fill="${svgEscape(theme.muted)}">${svgEscape(svgShort(name(key)))}</text>`,
      );
    }
  });
  parts.push(svgFrame(left, top, width, height, theme.border));
  for (const unit of focus?.units ?? []) {
    const place = focus?.side === 'query' ? weights.rowOf(unit) : weights.columnOf(unit);
    const at = (place ?? 0) * cell;
    parts.push(
      focus?.side === 'query'
        ? svgFrame(left, top + at, width, cell, theme.foreground)
        : svgFrame(left + at, top, cell, height, theme.foreground),
    );
  }
  return { width: left + width, height: top + height, content: parts.join('\n') };
}
