import { type Focus, focusOf } from './focus';
import type { HeadMatrix } from './headMatrix';
import type { Lens } from './lens';
import type { Unit } from './picture';

/** What a change touches: everything, the chosen head, or only what is pointed at (kept cheap). */
export type Change = 'snapshot' | 'head' | 'focus';

/** What is pinned and pointed at, and what follows from it. */
export abstract class Pointing {
  /** Rows and columns of every picture of this run through this lens. Pins and pointers count these. */
  units: readonly Unit[] = [];
  abstract lens: Lens;
  pinned: readonly number[] = [];
  /** The unit under the pointer, in the token strip, in the lines or in the picture. */
  hovered: number | null = null;
  /** The matrix cell under the pointer or the cursor. */
  cell: { readonly query: number; readonly key: number } | null = null;
  private lastFocus: {
    readonly matrix: HeadMatrix;
    readonly key: string;
    readonly focus: Focus | null;
  } | null = null;
  private readonly listeners: ((change: Change) => void)[] = [];

  /** The weights on show, or null while they are on their way. */
  abstract get matrix(): HeadMatrix | null;

  /** What is pinned has changed and should be kept. */
  protected abstract savePins(): void;

  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  /** What is pointed at, with its weights: pinned units hold against hovering. */
  get focus(): Focus | null {
    const { matrix, pinned, cell, hovered } = this;
    const units = pinned.length > 0 ? pinned : cell ? [cell.query] : hovered === null ? [] : [hovered];
    if (!matrix || units.length === 0) {
      return null;
    }
    const key = `${units.join()} ${this.lens.pins}`;
    if (this.lastFocus?.matrix !== matrix || this.lastFocus.key !== key) {
      this.lastFocus = { matrix, key, focus: focusOf(matrix, units, this.lens.pins) };
    }
    return this.lastFocus.focus;
  }

  /** The pair whose number is read out. Against what is pinned, a hovered unit is the other end. */
  get pair(): { readonly query: number; readonly key: number; readonly weight: number } | null {
    const { cell, matrix, pinned, hovered, focus } = this;
    if (cell && matrix) {
      return { ...cell, weight: matrix.at(cell.query, cell.key) };
    }
    if (pinned.length === 0 || hovered === null || pinned.includes(hovered) || !focus) {
      return null;
    }
    const other = focus.side === 'query' ? 'key' : 'query';
    return focus.links.find((link) => link[other] === hovered) ?? null;
  }

  hover(unit: number | null): void {
    if (this.hovered !== unit || this.cell !== null) {
      this.hovered = unit;
      this.cell = null;
      this.emit('focus');
    }
  }

  point(cell: { readonly query: number; readonly key: number } | null): void {
    if (this.cell?.query !== cell?.query || this.cell?.key !== cell?.key) {
      this.cell = cell;
      this.hovered = null;
      this.emit('focus');
    }
  }

  /** Pins a unit alone, or with those pinned before; a pinned one is released. */
  togglePin(unit: number, withOthers = false): void {
    const others = withOthers ? this.pinned.filter((each) => each !== unit) : [];
    const isReleased = this.pinned.includes(unit) && (withOthers || this.pinned.length === 1);
    this.pinned = isReleased ? others : [...others, unit].sort((a, b) => a - b);
    this.savePins();
    this.emit('focus');
  }

  release(): void {
    if (this.pinned.length > 0 || this.cell !== null || this.hovered !== null) {
      this.pinned = [];
      this.cell = this.hovered = null;
      this.savePins();
      this.emit('focus');
    }
  }

  protected emit(change: Change): void {
    for (const listener of this.listeners) {
      listener(change);
    }
  }
}
