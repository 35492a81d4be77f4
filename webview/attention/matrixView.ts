import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import type { Theme } from '../common/theme';
import { shortText } from '../common/tokenText';
import { paintMatrix, paintMatrixOverlay } from './matrixPaint';
import { type Plot, cellAt, layOut } from './plotGeometry';
import type { Store } from './store';

/** One head as a heat-map: rows are queries, columns are keys. */
export class MatrixView {
  readonly element = element('div', 'plot matrix', { role: 'application', tabindex: '0' });
  private readonly base = element('canvas', '', { 'aria-hidden': 'true' });
  private readonly overlay = element('canvas', 'overlay', { 'aria-hidden': 'true' });
  private plot: Plot | null = null;
  private labels: string[] = [];
  private width = 0;
  private height = 0;

  constructor(
    private readonly store: Store,
    private readonly announce: () => void,
  ) {
    this.element.append(this.base, this.overlay);
    this.element.addEventListener('pointermove', (event) => {
      store.point(this.cellOf(event));
    });
    this.element.addEventListener('pointerleave', () => {
      store.point(null);
    });
    this.element.addEventListener('click', (event) => {
      const cell = this.cellOf(event);
      if (cell) {
        store.togglePin(cell.query);
      }
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.element.addEventListener('blur', () => {
      store.point(null);
    });
  }

  draw(theme: Theme, width: number, maxHeight: number): void {
    const { units, matrix } = this.store;
    if (!matrix || width <= 0) {
      return;
    }
    this.labels = units.map((token) => shortText(token, 14));
    const ratio = window.devicePixelRatio || 1;
    const context = prepareCanvas(this.base, width, Math.min(width, maxHeight));
    context.font = `11px ${theme.font}`;
    const widest = Math.max(...this.labels.map((label) => context.measureText(label).width));
    const margin = Math.round(Math.max(24, Math.min(widest + 12, width * 0.24, 84)));
    this.plot = layOut(width, Math.min(width, maxHeight), units.length, margin, margin, ratio);
    this.width = width;
    this.height = this.plot.top + this.plot.edge + 2;
    paintMatrix(
      prepareCanvas(this.base, this.width, this.height),
      matrix,
      this.plot,
      this.labels,
      theme,
      ratio,
    );
    // Where the square lies, for tests and for whoever inspects the page.
    this.base.dataset['left'] = String(this.plot.left);
    this.base.dataset['edge'] = String(this.plot.edge);
    this.paint(theme);
  }

  /** Redraws only the overlay: called for every move of the pointer. */
  paint(theme: Theme): void {
    if (!this.plot) {
      return;
    }
    const context = prepareCanvas(this.overlay, this.width, this.height);
    const { pinned, query, pair } = this.store;
    const focus = { pinned, query: pair?.query ?? query, key: pair?.key ?? null };
    paintMatrixOverlay(context, this.plot, this.labels, theme, focus);
  }

  private cellOf(event: MouseEvent): { query: number; key: number } | null {
    const box = this.base.getBoundingClientRect();
    return this.plot ? cellAt(this.plot, event.clientX - box.left, event.clientY - box.top) : null;
  }

  private onKey(event: KeyboardEvent): void {
    const { cell, pinned, units } = this.store;
    const last = units.length - 1;
    if (last < 0) {
      return;
    }
    const from = cell ?? { query: pinned ?? 0, key: 0 };
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [from.query - step, from.key],
      ArrowDown: [from.query + step, from.key],
      ArrowLeft: [from.query, from.key - step],
      ArrowRight: [from.query, from.key + step],
      Home: [from.query, 0],
      End: [from.query, last],
    };
    const move = moves[event.key];
    if (move) {
      const clamp = (value: number): number => Math.max(0, Math.min(last, value));
      this.store.point(cell ? { query: clamp(move[0]), key: clamp(move[1]) } : from);
      this.announce();
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && cell) {
      this.store.togglePin(cell.query);
      this.announce();
      event.preventDefault();
    }
  }
}
