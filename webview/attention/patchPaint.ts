import type { PatchGrid, Rectangle } from '../../src/protocol/picture';
import { cssColor, rampIndex } from '../common/ramp';
import type { Theme } from '../common/theme';
import type { DecodedPicture } from '../common/pictureDecode';

/** A picture with weights over it. */
export interface PatchScene {
  readonly picture: DecodedPicture | null;
  readonly grid: PatchGrid;
  /** CSS pixels per pixel of the picture. */
  readonly scale: number;
  /** Of each patch; undefined where the lens leaves it out. */
  readonly weights: readonly (number | undefined)[];
  readonly max: number;
  /** Draws the weights, not only the picture. */
  readonly coloured: boolean;
  /** Patches that are pinned or pointed at, and the other end of the pair that is read out. */
  readonly marked: readonly number[];
  readonly other: number | undefined;
}

/**
 * How strongly a patch is covered: a patch that is not looked at sinks into the background, one that is shows the
 * picture through its colour.
 */
export function coverOf(share: number): number {
  return 0.74 - 0.34 * share;
}

/** The colour of a weight over a picture. */
export function heatColor(theme: Theme, weight: number, max: number): string {
  const color = theme.ramp.colors[rampIndex(weight, max)] ?? [0, 0, 0];
  return cssColor(color, coverOf(max > 0 ? weight / max : 0));
}

export function paintPatches(context: CanvasRenderingContext2D, scene: PatchScene, theme: Theme): void {
  const { picture, grid, scale, weights, max, coloured } = scene;
  const [width, height] = [grid.pictureWidth * scale, grid.pictureHeight * scale];
  const box = ({ x, y, width: w, height: h }: Rectangle): readonly [number, number, number, number] => {
    // Whole pixels, or neighbours would overlap or leave a line between them.
    const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
    return [left, top, Math.round((x + w) * scale) - left, Math.round((y + h) * scale) - top];
  };
  if (picture) {
    // A picture of few pixels shows them; a larger one is smoothed.
    context.imageSmoothingEnabled = scale < 3;
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture.image, 0, 0, width, height);
  } else {
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width, height);
  }
  const [left, top, seenWidth, seenHeight] = box(grid.seen);
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height);
  context.rect(left, top, seenWidth, seenHeight);
  context.globalAlpha = 0.75;
  context.fillStyle = theme.background;
  context.fill('evenodd');
  context.restore();
  if (coloured) {
    grid.patches.forEach((patch, index) => {
      const weight = weights[index];
      if (weight !== undefined && patch.width > 0 && patch.height > 0) {
        context.fillStyle = heatColor(theme, weight, max);
        context.fillRect(...box(patch));
      }
    });
  }
  const outline = (patch: Rectangle | undefined, dashed: boolean): void => {
    if (patch) {
      const [x, y, w, h] = box(patch);
      context.setLineDash([]);
      context.lineWidth = 4;
      context.strokeStyle = theme.background;
      context.strokeRect(x, y, w, h);
      context.setLineDash(dashed ? [3, 2] : []);
      context.lineWidth = 2;
      context.strokeStyle = dashed ? theme.foreground : theme.focus;
      context.strokeRect(x, y, w, h);
      context.setLineDash([]);
    }
  };
  outline(scene.other === undefined ? undefined : grid.patches[scene.other], true);
  scene.marked.forEach((index) => {
    outline(grid.patches[index], false);
  });
  context.lineWidth = 1;
  context.strokeStyle = theme.border;
  context.strokeRect(left + 0.5, top + 0.5, seenWidth - 1, seenHeight - 1);
}

/** The patch at a point of the picture (in its pixels), or null beside all of them. */
export function patchAt({ patches }: PatchGrid, x: number, y: number): number | null {
  const found = patches.findIndex(
    (patch) => x >= patch.x && y >= patch.y && x < patch.x + patch.width && y < patch.y + patch.height,
  );
  return found < 0 ? null : found;
}
