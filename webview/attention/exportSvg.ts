import { formatWeight } from '../common/format';
import { cssColor, rampIndex } from '../common/ramp';
import type { Theme } from '../common/theme';
import { visibleText } from '../common/tokenText';
import type { Picture } from './picture';

/** What of a picture is drawn. */
export interface SvgScene {
  readonly picture: Picture;
  readonly title: string;
  /** Where the text stands, under the title. */
  readonly subtitle: string;
  readonly legend: string;
  /** Only this query's lines. */
  readonly query: number | null;
  readonly theme: Theme;
  /** The matrix as a picture (a data URL), for more cells than a drawing program takes. */
  readonly bitmap: string | null;
}

const margin = 16;
const labelWidth = 90;
const rowHeight = 16;
const maxLines = 400;

/** The matrix and the lines as vectors, with title and legend; text stays text. */
export function pictureSvg(scene: SvgScene): string {
  const { picture, theme } = scene;
  const n = picture.units.length;
  // Beyond this a cell would be too small to see; the file stays open-able.
  const cell = Math.max(2, Math.min(18, Math.floor(720 / n)));
  const edge = cell * n;
  const top = margin + 44 + labelWidth;
  const linesLeft = margin + labelWidth + edge + 40;
  const linesWidth = 360;
  const width = linesLeft + linesWidth + margin;
  const height = Math.max(top + edge, top + n * rowHeight) + margin + 30;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="${escape(theme.background)}"/>`,
    text(margin, margin + 12, scene.title, theme.foreground, 'font-size="14" font-weight="600"'),
    text(margin, margin + 30, scene.subtitle, theme.muted),
    matrix(scene, margin + labelWidth, top, cell),
    lines(scene, linesLeft, top, linesWidth),
    legend(scene, margin + labelWidth, height - margin - 12),
    '</svg>',
    '',
  ].join('\n');
}

function matrix(
  { picture, theme, query, bitmap }: SvgScene,
  left: number,
  top: number,
  cell: number,
): string {
  const { units, matrix: weights } = picture;
  const parts: string[] = [];
  const size = cell * units.length;
  if (bitmap !== null) {
    parts.push(
      `<image x="${left}" y="${top}" width="${size}" height="${size}" href="${bitmap}" style="image-rendering:pixelated"/>`,
    );
  }
  (bitmap === null ? units : []).forEach((_, q) => {
    units.forEach((__, k) => {
      const weight = weights.at(q, k);
      if (weight > 0) {
        const fill = color(theme, weight, weights.max);
        parts.push(
          `<rect x="${left + k * cell}" y="${top + q * cell}" width="${cell}" height="${cell}" fill="${fill}"><title>${escape(`${visibleText(units[q]!)} → ${visibleText(units[k]!)}: ${formatWeight(weight)}`)}</title></rect>`,
        );
      }
    });
  });
  const stride = Math.max(1, Math.ceil(12 / cell));
  units.forEach((unit, index) => {
    if (index % stride === 0) {
      const middle = (index + 0.5) * cell;
      const label = short(visibleText(unit));
      parts.push(
        text(left - 5, top + middle + 4, label, theme.muted, 'text-anchor="end"'),
        `<text transform="translate(${left + middle + 4} ${top - 5}) rotate(-90)" fill="${escape(theme.muted)}">${escape(label)}</text>`,
      );
    }
  });
  const edge = cell * units.length;
  parts.push(
    `<rect x="${left}" y="${top}" width="${edge}" height="${edge}" fill="none" stroke="${escape(theme.border)}"/>`,
  );
  if (query !== null) {
    parts.push(
      `<rect x="${left}" y="${top + query * cell}" width="${edge}" height="${cell}" fill="none" stroke="${escape(theme.foreground)}" stroke-width="1.5"/>`,
    );
  }
  return `<g>${parts.join('\n')}</g>`;
}

function lines({ picture, theme, query }: SvgScene, left: number, top: number, width: number): string {
  const { units, matrix: weights } = picture;
  const links =
    query === null ? weights.strongest(maxLines) : weights.strongestOfRow(query, units.length).reverse();
  const max = query === null ? weights.max : (links.at(-1)?.weight ?? 0);
  const y = (index: number): number => top + (index + 0.5) * rowHeight;
  const [from, to] = [left + labelWidth, left + width - labelWidth];
  const bend = (to - from) / 3;
  const paths = links
    .filter((link) => max > 0 && link.weight / max >= 0.02)
    .map(({ query: q, key: k, weight }) => {
      const share = weight / max;
      return `<path d="M${from} ${y(q)} C${from + bend} ${y(q)} ${to - bend} ${y(k)} ${to} ${y(k)}" fill="none" stroke="${color(theme, weight * 0.686 + max * 0.314, max)}" stroke-opacity="${(0.1 + 0.9 * share).toFixed(2)}" stroke-width="${(0.5 + 2.5 * share).toFixed(2)}"/>`;
    });
  const labels = units.flatMap((unit, index) => [
    text(from - 4, y(index) + 4, short(visibleText(unit)), theme.foreground, 'text-anchor="end"'),
    text(to + 4, y(index) + 4, short(visibleText(unit)), theme.foreground),
  ]);
  return `<g>${[...paths, ...labels].join('\n')}</g>`;
}

function legend({ theme, legend: label }: SvgScene, left: number, top: number): string {
  const steps = Array.from({ length: 16 }, (_, step) => {
    const fill = cssColor(theme.ramp.colors[step * 17] ?? [0, 0, 0]);
    return `<rect x="${left + step * 6}" y="${top}" width="6" height="10" fill="${fill}"/>`;
  });
  return `<g>${steps.join('')}${text(left + 104, top + 9, label, theme.muted)}</g>`;
}

function color(theme: Theme, weight: number, max: number): string {
  return cssColor(theme.ramp.colors[rampIndex(weight, max)] ?? [0, 0, 0]);
}

function text(x: number, y: number, content: string, fill: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="${escape(fill)}" ${more}>${escape(content)}</text>`;
}

function short(label: string): string {
  const characters = Array.from(label);
  return characters.length > 14 ? `${characters.slice(0, 13).join('')}…` : label;
}

/** For text and attributes; what XML forbids altogether becomes a replacement character. */
function escape(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
