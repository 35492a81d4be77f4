import type { PatchGrid } from '../../src/protocol/picture';
import { formatWeight } from '../common/format';
import type { Theme } from '../common/theme';
import { heatColor } from './patchPaint';
import { type SvgPart, svgEscape, svgFrame, svgText } from './svgText';

/** A picture with the weights of one row over it. */
export interface SvgPatchScene {
  readonly grid: PatchGrid;
  /** The picture as a data URL; null where it could not be drawn. */
  readonly url: string | null;
  readonly weights: readonly (number | undefined)[];
  readonly marked: readonly number[];
  /** Whose weights these are. */
  readonly caption: string;
}

const longest = 480;
const captionHeight = 24;

export function svgPatches({ grid, url, weights, marked, caption }: SvgPatchScene, theme: Theme): SvgPart {
  const scale = longest / Math.max(grid.pictureWidth, grid.pictureHeight);
  const [width, height] = [grid.pictureWidth * scale, grid.pictureHeight * scale];
  const max = weights.reduce<number>((most, weight) => Math.max(most, weight ?? 0), 0);
  const round = (value: number): number => Math.round(value * scale * 100) / 100;
  const image =
    url === null
      ? ''
      : `<image x="0" y="${captionHeight}" width="${width}" height="${height}" preserveAspectRatio="none" href="${url}"${scale < 3 ? '' : ' style="image-rendering:pixelated"'}/>`;
  const patches = grid.patches.map((patch, index) => {
    const weight = weights[index];
    return weight === undefined || patch.width * patch.height === 0
      ? ''
      : `<rect x="${round(patch.x)}" y="${round(patch.y) + captionHeight}" width="${round(patch.width)}" height="${round(patch.height)}" fill="${svgEscape(heatColor(theme, weight, max))}"><title>r${Math.floor(index / grid.columns)}c${index % grid.columns}: ${formatWeight(weight)}</title></rect>`;
  });
  const frames = marked.map((index) => {
    const patch = grid.patches[index];
    return patch
      ? svgFrame(
          round(patch.x),
          round(patch.y) + captionHeight,
          round(patch.width),
          round(patch.height),
          theme.foreground,
        )
      : '';
  });
  const label = svgText(0, 14, caption, theme.foreground);
  return {
    width: Math.max(width, 320),
    height: height + captionHeight,
    content: [label, image, ...patches, ...frames].join('\n'),
  };
}
