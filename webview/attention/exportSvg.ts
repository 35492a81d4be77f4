import { formatWeight } from '../common/format';
import { cssColor, rampIndex } from '../common/ramp';
import type { Theme } from '../common/theme';
import { visibleText } from '../common/tokenText';
import { type Focus, linksOf } from './focus';
import type { Picture, Unit } from './picture';

/** What of a picture is drawn. */
export interface SvgScene {
  readonly picture: Picture;
  readonly title: string;
  /** Where the text stands, under the title. */
  readonly subtitle: string;
  readonly legend: string;
  /** Only these units' lines. */
  readonly focus: Focus | null;
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
  const { queries, keys } = picture.matrix;
  const n = Math.max(queries.length, keys.length);
  // Beyond this a cell would be too small to see; the file stays open-able.
  const cell = Math.max(2, Math.min(18, Math.floor(720 / n)));
  const edge = cell * keys.length;
  const top = margin + 44 + labelWidth;
  const linesLeft = margin + labelWidth + edge + 40;
  const linesWidth = 360;
  const width = linesLeft + linesWidth + margin;
  const height = Math.max(top + cell * queries.length, top + n * rowHeight) + margin + 30;
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
  { picture, theme, focus, bitmap }: SvgScene,
  left: number,
  top: number,
  cell: number,
): string {
  const { units, matrix: weights } = picture;
  const parts: string[] = [];
  const { queries, keys } = weights;
  const [width, height] = [cell * keys.length, cell * queries.length];
  const name = (unit: number): string => visibleText(units[unit] as Unit);
  if (bitmap !== null) {
    parts.push(
      `<image x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" href="${bitmap}" style="image-rendering:pixelated"/>`,
    );
  }
  (bitmap === null ? queries : []).forEach((query, row) => {
    keys.forEach((key, column) => {
      const weight = weights.at(query, key);
      if (weight > 0) {
        const fill = color(theme, weight, weights.max);
        parts.push(
          `<rect x="${left + column * cell}" y="${top + row * cell}" width="${cell}" height="${cell}" fill="${fill}"><title>${escape(`${name(query)} → ${name(key)}: ${formatWeight(weight)}`)}</title></rect>`,
        );
      }
    });
  });
  const stride = Math.max(1, Math.ceil(12 / cell));
  queries.forEach((query, row) => {
    if (row % stride === 0) {
      const y = top + (row + 0.5) * cell + 4;
      parts.push(text(left - 5, y, short(name(query)), theme.muted, 'text-anchor="end"'));
    }
  });
  keys.forEach((key, column) => {
    if (column % stride === 0) {
      const x = left + (column + 0.5) * cell + 4;
      parts.push(
        `<text transform="translate(${x} ${top - 5}) rotate(-90)" fill="${escape(theme.muted)}">${escape(short(name(key)))}</text>`,
      );
    }
  });
  const frame = (x: number, y: number, w: number, h: number, stroke: string): string =>
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${escape(stroke)}"/>`;
  parts.push(frame(left, top, width, height, theme.border));
  for (const unit of focus?.units ?? []) {
    const place = focus?.side === 'query' ? weights.rowOf(unit) : weights.columnOf(unit);
    const at = (place ?? 0) * cell;
    parts.push(
      focus?.side === 'query'
        ? frame(left, top + at, width, cell, theme.foreground)
        : frame(left + at, top, cell, height, theme.foreground),
    );
  }
  return `<g>${parts.join('\n')}</g>`;
}

function lines({ picture, theme, focus }: SvgScene, left: number, top: number, width: number): string {
  const { units, matrix: weights } = picture;
  const links = focus ? linksOf(weights, focus) : weights.strongest(maxLines);
  const max = focus ? (links.at(-1)?.weight ?? 0) : weights.max;
  const y = (place: number | undefined): number => top + ((place ?? 0) + 0.5) * rowHeight;
  const [from, to] = [left + labelWidth, left + width - labelWidth];
  const bend = (to - from) / 3;
  const paths = links
    .filter((link) => max > 0 && link.weight / max >= 0.02)
    .map(({ query, key, weight }) => {
      const share = weight / max;
      const [start, end] = [y(weights.rowOf(query)), y(weights.columnOf(key))];
      return `<path d="M${from} ${start} C${from + bend} ${start} ${to - bend} ${end} ${to} ${end}" fill="none" stroke="${color(theme, weight * 0.686 + max * 0.314, max)}" stroke-opacity="${(0.1 + 0.9 * share).toFixed(2)}" stroke-width="${(0.5 + 2.5 * share).toFixed(2)}"/>`;
    });
  const label = (unit: number): string => short(visibleText(units[unit] as Unit));
  const labels = [
    ...weights.queries.map((unit, row) =>
      text(from - 4, y(row) + 4, label(unit), theme.foreground, 'text-anchor="end"'),
    ),
    ...weights.keys.map((unit, column) => text(to + 4, y(column) + 4, label(unit), theme.foreground)),
  ];
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
