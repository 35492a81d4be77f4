import { cssColor, rampIndex } from '../common/ramp';
import type { Theme } from '../common/theme';

/** A part of a drawing, from (0, 0) on. */
export interface SvgPart {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

export function svgText(x: number, y: number, content: string, fill: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="${svgEscape(fill)}" ${more}>${svgEscape(content)}</text>`;
}

export function svgFrame(x: number, y: number, width: number, height: number, stroke: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${svgEscape(stroke)}"/>`;
}

export function svgColor(theme: Theme, weight: number, max: number): string {
  return cssColor(theme.ramp.colors[rampIndex(weight, max)] ?? [0, 0, 0]);
}

/** A label that fits beside a cell. */
export function svgShort(label: string): string {
  const characters = Array.from(label);
  return characters.length > 14 ? `${characters.slice(0, 13).join('')}…` : label;
}

/** For text and attributes; what XML forbids altogether becomes a replacement character. */
export function svgEscape(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
