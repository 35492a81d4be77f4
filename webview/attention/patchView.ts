import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { PatchGrid } from '../../src/protocol/picture';
import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import type { Theme } from '../common/theme';
import type { Focus } from './focus';
import type { HeadMatrix } from './headMatrix';
import { captionOf, restingFocus, weightsOfPatches } from './patchFocus';
import { paintPatches, patchAt } from './patchPaint';
import type { DecodedPicture } from '../common/pictureDecode';
import { isAdding } from './selection';
import type { Store } from './store';

/** What lies on a picture and whom it tells. */
export type PatchModel = Pick<
  Store,
  'view' | 'units' | 'matrix' | 'focus' | 'pair' | 'pinned' | 'hovered' | 'hover' | 'togglePin'
>;

/** Pictures smaller than this many CSS pixels are enlarged. */
const maxEnlargement = 12;

/** A picture with a head's weights over it: what the patch that is pointed at attends to, at rest what [CLS] does. */
export class PatchView {
  readonly element = element('div', 'plot patches', { role: 'application', tabindex: '0' });
  /** Says whose weights these are, and what the strongest colour stands for. */
  readonly caption = element('span', '');
  private readonly canvas = element('canvas', '', { 'aria-hidden': 'true' });
  private resting: { readonly matrix: HeadMatrix; readonly focus: Focus | null } | null = null;
  private scale = 0;
  private picture: DecodedPicture | null = null;
  coloured = true;

  constructor(
    private readonly model: PatchModel,
    private readonly announce: () => void,
  ) {
    this.element.append(this.canvas);
    this.element.addEventListener('pointermove', (event) => {
      model.hover(this.unitAt(event));
    });
    this.element.addEventListener('pointerleave', () => {
      model.hover(null);
    });
    this.element.addEventListener('click', (event) => {
      const unit = this.unitAt(event);
      if (unit !== null) {
        model.togglePin(unit, isAdding(event));
      }
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.element.addEventListener('blur', () => {
      model.hover(null);
    });
  }

  /** @param picture null while it is on its way or cannot be drawn: the patches are there without it */
  draw(
    theme: Theme,
    picture: DecodedPicture | null,
    strings: AttentionStrings,
    width: number,
    height: number,
  ): void {
    const grid = this.model.view?.grid;
    if (!grid || width <= 0) {
      return;
    }
    this.picture = picture;
    this.scale = Math.min(maxEnlargement, width / grid.pictureWidth, height / grid.pictureHeight);
    // Where the picture lies, for tests and for whoever inspects the page.
    this.canvas.dataset['scale'] = String(this.scale);
    this.paint(theme, strings);
  }

  paint(theme: Theme, strings: AttentionStrings): void {
    const { model, scale } = this;
    const { matrix, units, pair } = model;
    const grid = model.view?.grid;
    if (!grid || !matrix || scale <= 0) {
      return;
    }
    const focus = model.focus ?? this.atRest(matrix, grid);
    const weights = focus ? weightsOfPatches(focus, units, grid) : [];
    const max = weights.reduce<number>((most, weight) => Math.max(most, weight ?? 0), 0);
    const patchOf = (unit: number): number => (units[unit]?.index ?? -1) - grid.numSpecial;
    const context = prepareCanvas(this.canvas, grid.pictureWidth * scale, grid.pictureHeight * scale);
    paintPatches(
      context,
      {
        picture: this.picture,
        grid,
        scale,
        weights,
        max,
        coloured: this.coloured,
        marked: (model.focus?.units ?? []).map(patchOf).filter((patch) => patch >= 0),
        other: pair ? patchOf(focus?.side === 'key' ? pair.query : pair.key) : undefined,
      },
      theme,
    );
    this.caption.textContent = focus ? captionOf(focus, units, grid, strings) : '';
  }

  private atRest(matrix: HeadMatrix, grid: PatchGrid): Focus | null {
    if (this.resting?.matrix !== matrix) {
      this.resting = { matrix, focus: restingFocus(matrix, this.model.units, grid) };
    }
    return this.resting.focus;
  }

  private unitAt(event: MouseEvent): number | null {
    const grid = this.model.view?.grid;
    const box = this.canvas.getBoundingClientRect();
    const patch =
      grid && patchAt(grid, (event.clientX - box.left) / this.scale, (event.clientY - box.top) / this.scale);
    return patch === undefined || patch === null ? null : this.unitOf(patch);
  }

  private unitOf(patch: number): number | null {
    const numSpecial = this.model.view?.grid?.numSpecial ?? 0;
    const unit = this.model.units.findIndex(({ index }) => index === patch + numSpecial);
    return unit < 0 ? null : unit;
  }

  private onKey(event: KeyboardEvent): void {
    const { units, hovered, pinned, view } = this.model;
    const grid = view?.grid;
    if (!grid) {
      return;
    }
    const here = hovered ?? pinned[0];
    const patch = here === undefined ? -1 : (units[here]?.index ?? -1) - grid.numSpecial;
    const { rows, columns } = grid;
    const [row, column] = [Math.floor(patch / columns), patch % columns];
    const at = (y: number, x: number): number =>
      Math.max(0, Math.min(rows - 1, y)) * columns + Math.max(0, Math.min(columns - 1, x));
    const targets: Readonly<Record<string, number>> = {
      ArrowUp: at(row - 1, column),
      ArrowDown: at(row + 1, column),
      ArrowLeft: at(row, column - 1),
      ArrowRight: at(row, column + 1),
      Home: at(row, 0),
      End: at(row, columns - 1),
    };
    const target = targets[event.key];
    if (target !== undefined) {
      this.model.hover(this.unitOf(patch < 0 ? 0 : target));
      this.announce();
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && patch >= 0 && here !== undefined) {
      this.model.togglePin(here, isAdding(event));
      this.announce();
      event.preventDefault();
    }
  }
}
