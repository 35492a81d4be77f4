import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import type { Theme } from '../common/theme';
import { focusOf, linksOf } from './focus';
import type { HeadMatrix, Link } from './headMatrix';
import { columnWidth, paintLines } from './linesPaint';
import type { AxisLabels } from './matrixPaint';
import { isAdding } from './selection';
import type { Store } from './store';
import { unitLabels } from './unitLabels';

/** More lines than this hide each other; the weights behind them stay in the matrix. */
export const maxLines = 400;

/**
 * One head as lines from queries (left) to keys (right). The canvas has the size of what can be seen
 * and follows the scroll position, because one for 512 tokens would be larger than browsers allow.
 */
export class LinesView {
  readonly element = element('div', 'plot lines', { role: 'application', tabindex: '0' });
  private readonly canvas = element('canvas', '', { 'aria-hidden': 'true' });
  private readonly spacer = element('div', 'spacer');
  private labels: AxisLabels = { query: [], key: [] };
  private strongest: { matrix: HeadMatrix; links: Link[] } | null = null;
  private theme: Theme | null = null;
  private width = 0;
  private height = 0;
  private rowHeight = 17;
  private followed: number | null = null;
  /** The side the pointer is on: the right one asks who attends to a key. */
  private side: 'query' | 'key' = 'query';

  constructor(
    private readonly store: Store,
    private readonly announce: () => void,
  ) {
    this.element.append(this.canvas, this.spacer);
    this.element.addEventListener('scroll', () => {
      if (this.theme) {
        this.paint(this.theme);
      }
    });
    this.element.addEventListener('pointermove', (event) => {
      store.hover(this.tokenOf(event));
    });
    this.element.addEventListener('pointerleave', () => {
      this.side = 'query';
      store.hover(null);
    });
    this.element.addEventListener('click', (event) => {
      const token = this.tokenOf(event);
      if (token !== null) {
        store.togglePin(token, isAdding(event));
      }
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.element.addEventListener('blur', () => {
      store.hover(null);
    });
  }

  draw(theme: Theme, width: number, height: number): void {
    const { units, matrix } = this.store;
    if (!matrix || width <= 0) {
      return;
    }
    const all = unitLabels(units, 18);
    const labelOf = (unit: number): string => all[unit] ?? '';
    this.labels = { query: matrix.queries.map(labelOf), key: matrix.keys.map(labelOf) };
    if (this.strongest?.matrix !== matrix) {
      this.strongest = { matrix, links: matrix.strongest(maxLines) };
    }
    // Rows grow or shrink a little when that makes all of them fit; else they scroll at a calm height.
    const fitting = Math.floor(height / this.numRows);
    this.rowHeight = fitting >= 13 ? Math.min(20, fitting) : 17;
    const total = this.numRows * this.rowHeight;
    this.height = Math.min(height, total);
    this.element.style.height = `${this.height}px`;
    this.element.style.width = `${width}px`;
    this.spacer.style.height = `${Math.max(0, total - this.height)}px`;
    // Less than `width` where a scrollbar takes its part.
    this.width = this.element.clientWidth;
    this.paint(theme);
  }

  /** Redraws for pointer and scroll: at most as many lines as the chosen units have, or the strongest. */
  paint(theme: Theme): void {
    this.theme = theme;
    const { matrix, focus, pair, pinned, hovered } = this.store;
    if (!matrix || !this.strongest || this.width <= 0) {
      return;
    }
    const asKey = this.side === 'key' && pinned.length === 0 && hovered !== null;
    const shown = asKey ? focusOf(matrix, [hovered], 'mean', 'key') : focus;
    this.follow(shown?.units[0] ?? null);
    const context = prepareCanvas(this.canvas, this.width, this.height);
    const links = shown ? linksOf(matrix, shown) : this.strongest.links;
    const marked = (side: 'query' | 'key'): readonly number[] => (shown?.side === side ? shown.units : []);
    const places = (units: readonly (number | undefined)[], side: 'rowOf' | 'columnOf'): Set<number> =>
      new Set(units.map((unit) => matrix[side](unit ?? -1)).filter((place) => place !== undefined));
    paintLines(
      context,
      {
        width: this.width,
        height: this.height,
        scrollTop: this.element.scrollTop,
        rowHeight: this.rowHeight,
        labels: this.labels,
        links: links.map((link) => ({
          query: matrix.rowOf(link.query) ?? 0,
          key: matrix.columnOf(link.key) ?? 0,
          weight: link.weight,
        })),
        max: shown ? (links.at(-1)?.weight ?? 0) : matrix.max,
        marked: {
          query: places([...marked('query'), pair?.query], 'rowOf'),
          key: places([...marked('key'), pair?.key], 'columnOf'),
        },
      },
      theme,
    );
  }

  private get numRows(): number {
    return Math.max(1, this.labels.query.length, this.labels.key.length);
  }

  /** Brings a unit that was chosen elsewhere into view; never scrolls under the pointer. */
  private follow(unit: number | null): void {
    const { matrix } = this.store;
    const place = unit === null ? undefined : (matrix?.rowOf(unit) ?? matrix?.columnOf(unit));
    if (place !== undefined && unit !== this.followed && !this.element.matches(':hover')) {
      const y = place * this.rowHeight;
      const { scrollTop } = this.element;
      if (y < scrollTop || y + this.rowHeight > scrollTop + this.height) {
        this.element.scrollTop = y - this.height / 2;
      }
    }
    this.followed = unit;
  }

  private tokenOf(event: MouseEvent): number | null {
    const { matrix } = this.store;
    const box = this.element.getBoundingClientRect();
    const x = event.clientX - box.left;
    const column = columnWidth(this.width);
    if (!matrix || (x > column && x < this.width - column)) {
      return null;
    }
    this.side = x <= column ? 'query' : 'key';
    const place = Math.floor((event.clientY - box.top + this.element.scrollTop) / this.rowHeight);
    return (this.side === 'query' ? matrix.queries : matrix.keys)[place] ?? null;
  }

  private onKey(event: KeyboardEvent): void {
    const { hovered, pinned, matrix } = this.store;
    if (!matrix) {
      return;
    }
    const unit = hovered ?? pinned[0] ?? -1;
    const here = matrix.rowOf(unit) ?? -1;
    const last = matrix.queries.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(last, here + 1),
      ArrowUp: Math.max(0, here - 1),
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      this.side = 'query';
      this.store.hover(matrix.queries[target] ?? null);
      const y = target * this.rowHeight;
      const { scrollTop } = this.element;
      this.element.scrollTop = Math.min(y, Math.max(scrollTop, y + this.rowHeight - this.height));
      this.announce();
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && unit >= 0) {
      this.store.togglePin(unit, isAdding(event));
      this.announce();
      event.preventDefault();
    }
  }
}
