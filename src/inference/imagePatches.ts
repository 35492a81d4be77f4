import { ScopeError } from '../protocol/errors';
import type { JsonObject } from './modelFolder';
import type { PatchGrid, Rectangle } from '../protocol/picture';
import type { PixelValues, Placement } from './imageProcessor';

/**
 * Lays a model's patch tokens over the picture: ViT (Dosovitskiy et al. 2021) reads patches row by row,
 * behind special tokens if it has any ([CLS]; DeiT's distillation token; registers).
 * @param config the part of `config.json` that describes the vision tower
 * @throws {ScopeError} `modelUnsupported` when the tokens are no grid of patches.
 */
export function patchGrid(config: JsonObject, pixels: PixelValues, numTokens: number): PatchGrid {
  const stated = config['patch_size'];
  const [patchHeight, patchWidth] = Array.isArray(stated) ? (stated as unknown[]) : [stated, stated];
  if (typeof patchHeight !== 'number' || typeof patchWidth !== 'number') {
    throw new ScopeError('modelUnsupported', 'config.json states no “patch_size”');
  }
  const rows = Math.floor(pixels.height / patchHeight);
  const columns = Math.floor(pixels.width / patchWidth);
  const numSpecial = numTokens - rows * columns;
  if (numSpecial < 0 || rows * columns === 0) {
    throw new ScopeError(
      'modelUnsupported',
      `${numTokens} tokens are no grid of ${rows} × ${columns} patches`,
    );
  }
  const patches: Rectangle[] = [];
  for (let patch = 0; patch < rows * columns; patch++) {
    const x = (patch % columns) * patchWidth;
    const y = Math.floor(patch / columns) * patchHeight;
    patches.push(inPicture(pixels.placement, { x, y, width: patchWidth, height: patchHeight }));
  }
  return {
    rows,
    columns,
    patchWidth,
    patchHeight,
    numSpecial,
    hasClassToken: numSpecial > 0,
    pictureWidth: pixels.placement.width,
    pictureHeight: pixels.placement.height,
    seen: inPicture(pixels.placement, { x: 0, y: 0, width: pixels.width, height: pixels.height }),
    patches,
  };
}

/** A rectangle of the model's input in pixels of the upright picture, cut off at its edges. */
function inPicture(placement: Placement, { x, y, width, height }: Rectangle): Rectangle {
  const { left, top, scaleX, scaleY } = placement;
  const within = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit);
  const startX = within((x + left) * scaleX, placement.width);
  const startY = within((y + top) * scaleY, placement.height);
  return {
    x: startX,
    y: startY,
    width: within((x + width + left) * scaleX, placement.width) - startX,
    height: within((y + height + top) * scaleY, placement.height) - startY,
  };
}
