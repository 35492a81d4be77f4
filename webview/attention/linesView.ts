import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import type { Theme } from '../common/theme';
import { shortText } from '../common/tokenText';
import type { HeadMatrix, Link } from './headMatrix';
import { columnWidth, paintLines } from './linesPaint';
import type { Store } from './store';

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
  private labels: string[] = [];
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
        store.togglePin(token);
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
    this.labels = units.map((token) => shortText(token, 18));
    if (this.strongest?.matrix !== matrix) {
      this.strongest = { matrix, links: matrix.strongest(maxLines) };
    }
    // Rows grow or shrink a little when that makes all of them fit; else they scroll at a calm height.
    const fitting = Math.floor(height / this.labels.length);
    this.rowHeight = fitting >= 13 ? Math.min(20, fitting) : 17;
    const total = this.labels.length * this.rowHeight;
    this.height = Math.min(height, total);
    this.element.style.height = `${this.height}px`;
    this.element.style.width = `${width}px`;
    this.spacer.style.height = `${Math.max(0, total - this.height)}px`;
    // Less than `width` where a scrollbar takes its part.
    this.width = this.element.clientWidth;
    this.paint(theme);
  }

  /** Redraws for pointer and scroll: at most as many lines as one token has, or the strongest. */
  paint(theme: Theme): void {
    this.theme = theme;
    const { matrix, query, pair, pinned, hovered } = this.store;
    if (!matrix || !this.strongest || this.width <= 0) {
      return;
    }
    this.follow(query);
    const asKey = this.side === 'key' && pinned === null && hovered !== null;
    const context = prepareCanvas(this.canvas, this.width, this.height);
    const links = asKey
      ? column(matrix, hovered)
      : query !== null
        ? row(matrix, query)
        : this.strongest.links;
    paintLines(
      context,
      {
        width: this.width,
        height: this.height,
        scrollTop: this.element.scrollTop,
        rowHeight: this.rowHeight,
        labels: this.labels,
        links,
        max: query === null ? matrix.max : (links.at(-1)?.weight ?? 0),
        query: asKey ? null : query,
        key: asKey ? hovered : (pair?.key ?? null),
      },
      theme,
    );
  }

  /** Brings a query that was chosen elsewhere into view; never scrolls under the pointer. */
  private follow(query: number | null): void {
    if (query !== null && query !== this.followed && !this.element.matches(':hover')) {
      const y = query * this.rowHeight;
      const { scrollTop } = this.element;
      if (y < scrollTop || y + this.rowHeight > scrollTop + this.height) {
        this.element.scrollTop = y - this.height / 2;
      }
    }
    this.followed = query;
  }

  private tokenOf(event: MouseEvent): number | null {
    const box = this.element.getBoundingClientRect();
    const x = event.clientX - box.left;
    const column = columnWidth(this.width);
    if (x > column && x < this.width - column) {
      return null;
    }
    this.side = x <= column ? 'query' : 'key';
    const token = Math.floor((event.clientY - box.top + this.element.scrollTop) / this.rowHeight);
    return token >= 0 && token < this.labels.length ? token : null;
  }

  private onKey(event: KeyboardEvent): void {
    const { hovered, pinned } = this.store;
    const here = hovered ?? pinned ?? -1;
    const last = this.labels.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(last, here + 1),
      ArrowUp: Math.max(0, here - 1),
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      this.side = 'query';
      this.store.hover(target);
      const y = target * this.rowHeight;
      const { scrollTop } = this.element;
      this.element.scrollTop = Math.min(y, Math.max(scrollTop, y + this.rowHeight - this.height));
      this.announce();
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && here >= 0) {
      this.store.togglePin(here);
      this.announce();
      event.preventDefault();
    }
  }
}

function row(matrix: HeadMatrix, query: number): Link[] {
  return matrix.strongestOfRow(query, matrix.size).reverse();
}

function column(matrix: HeadMatrix, key: number): Link[] {
  const links = Array.from({ length: matrix.size }, (_, query) => ({
    query,
    key,
    weight: matrix.at(query, key),
  }));
  return links.sort((a, b) => a.weight - b.weight);
}
