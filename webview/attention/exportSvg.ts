import { cssColor } from '../common/ramp';
import type { Theme } from '../common/theme';
import { type SvgPart, svgEscape, svgText } from './svgText';

/** What a drawing is made of. */
export interface SvgScene {
  readonly title: string;
  /** Where the text stands, under the title. */
  readonly subtitle: string;
  readonly legend: string;
  readonly theme: Theme;
  /** Side by side, each under its name. */
  readonly parts: readonly { readonly name: string; readonly part: SvgPart }[];
}

const margin = 16;
const gap = 40;
const headHeight = 44;
const nameHeight = 20;

/** What is shown as vectors, with title and legend; text stays text. */
export function pictureSvg({ title, subtitle, legend, theme, parts }: SvgScene): string {
  const named = parts.some(({ name }) => name !== '');
  const top = margin + headHeight + (named ? nameHeight : 0);
  let left = margin;
  const placed = parts.map(({ name, part }) => {
    const heading = svgText(left, top - 6, name, theme.foreground, 'font-weight="600"');
    const moved = `${heading}<g transform="translate(${left} ${top})">${part.content}</g>`;
    left += part.width + gap;
    return moved;
  });
  // Titles do not wrap, so a narrow drawing makes room for them.
  const width = Math.max(left - gap + margin, 560);
  const height = top + Math.max(...parts.map(({ part }) => part.height)) + margin + 30;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="${svgEscape(theme.background)}"/>`,
    svgText(margin, margin + 12, title, theme.foreground, 'font-size="14" font-weight="600"'),
    svgText(margin, margin + 30, subtitle, theme.muted),
    ...placed,
    scale(legend, theme, height - margin - 12),
    '</svg>',
    '',
  ].join('\n');
}

function scale(label: string, theme: Theme, top: number): string {
  const steps = Array.from({ length: 16 }, (_, step) => {
    const fill = cssColor(theme.ramp.colors[step * 17] ?? [0, 0, 0]);
    return `<rect x="${margin + step * 6}" y="${top}" width="6" height="10" fill="${fill}"/>`;
  });
  return `<g>${steps.join('')}${svgText(margin + 104, top + 9, label, theme.muted)}</g>`;
}
