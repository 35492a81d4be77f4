import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import type { Theme } from '../common/theme';
import { type AxisLabels, paintMatrix, paintMatrixOverlay } from './matrixPaint';
import { type Plot, cellAt, layOut } from './plotGeometry';
import { isAdding } from './selection';
import type { Store } from './store';
import { unitLabels } from './unitLabels';

/** What a matrix shows and whom it tells. */
export type MatrixModel = Pick<
  Store,
  'units' | 'matrix' | 'focus' | 'pair' | 'cell' | 'pinned' | 'point' | 'togglePin' | 'keepNumber'
>;

/** One head as a heat-map: rows are queries, columns are keys. */
export class MatrixView {
  readonly element = element('div', 'plot matrix', { role: 'application', tabindex: '0' });
  private readonly base = element('canvas', '', { 'aria-hidden': 'true' });
  private readonly overlay = element('canvas', 'overlay', { 'aria-hidden': 'true' });
  private plot: Plot | null = null;
  private labels: AxisLabels = { query: [], key: [] };
  private width = 0;
  private height = 0;

  constructor(
    private readonly store: MatrixModel,
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
        store.keepNumber(cell);
        store.togglePin(cell.query, isAdding(event));
      }
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.element.addEventListener('blur', () => {
      store.point(null);
    });
  }

  /** @param max the weight at the end of the colour scale */
  draw(theme: Theme, width: number, maxHeight: number, max: number): void {
    const { units, matrix } = this.store;
    if (!matrix || width <= 0) {
      return;
    }
    const all = unitLabels(units, 14);
    const labelOf = (unit: number): string => all[unit] ?? '';
    this.labels = { query: matrix.queries.map(labelOf), key: matrix.keys.map(labelOf) };
    const ratio = window.devicePixelRatio || 1;
    const context = prepareCanvas(this.base, width, Math.min(width, maxHeight));
    context.font = `11px ${theme.font}`;
    const marginOf = (labels: readonly string[]): number => {
      // Texts repeat their words; each is measured once.
      const widest = Math.max(0, ...[...new Set(labels)].map((label) => context.measureText(label).width));
      return Math.round(Math.max(24, Math.min(widest + 12, width * 0.24, 84)));
    };
    const [left, top] = [marginOf(this.labels.query), marginOf(this.labels.key)];
    const extent = { rows: matrix.queries.length, columns: matrix.keys.length };
    this.plot = layOut(width, Math.min(width, maxHeight), extent, left, top, ratio);
    this.width = width;
    this.height = this.plot.top + this.plot.height + 2;
    paintMatrix(
      prepareCanvas(this.base, this.width, this.height),
      matrix,
      max,
      this.plot,
      this.labels,
      theme,
      ratio,
    );
    // Where the square lies, for tests and for whoever inspects the page.
    this.base.dataset['left'] = String(this.plot.left);
    this.base.dataset['edge'] = String(this.plot.width);
    this.base.dataset['height'] = String(this.plot.height);
    this.paint(theme);
  }

  /** Redraws only the overlay: called for every move of the pointer. */
  paint(theme: Theme): void {
    if (!this.plot) {
      return;
    }
    const context = prepareCanvas(this.overlay, this.width, this.height);
    const { matrix, focus, pair } = this.store;
    const places = (units: readonly (number | undefined)[], side: 'rowOf' | 'columnOf'): number[] => [
      ...new Set(
        units
          .map((unit) => (unit === undefined ? undefined : matrix?.[side](unit)))
          .filter((place) => place !== undefined),
      ),
    ];
    const of = (side: 'query' | 'key'): readonly number[] => (focus?.side === side ? focus.units : []);
    paintMatrixOverlay(context, this.plot, this.labels, theme, {
      rows: places([...of('query'), pair?.query], 'rowOf'),
      columns: places([...of('key'), pair?.key], 'columnOf'),
    });
  }

  /** The units under the pointer. */
  private cellOf(event: MouseEvent): { query: number; key: number } | null {
    const box = this.base.getBoundingClientRect();
    const cell = this.plot && cellAt(this.plot, event.clientX - box.left, event.clientY - box.top);
    return cell ? this.unitsAt(cell.row, cell.column) : null;
  }

  /** The units of the nearest cell. */
  private unitsAt(row: number, column: number): { query: number; key: number } | null {
    const { matrix } = this.store;
    const nearest = (units: readonly number[], place: number): number | undefined =>
      units[Math.max(0, Math.min(units.length - 1, place))];
    const query = matrix && nearest(matrix.queries, row);
    const key = matrix && nearest(matrix.keys, column);
    return query === undefined || query === null || key === undefined || key === null ? null : { query, key };
  }

  private onKey(event: KeyboardEvent): void {
    const { cell, pinned, matrix } = this.store;
    if (!matrix) {
      return;
    }
    const row = (cell ? matrix.rowOf(cell.query) : matrix.rowOf(pinned[0] ?? -1)) ?? 0;
    const column = (cell && matrix.columnOf(cell.key)) ?? 0;
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [row - step, column],
      ArrowDown: [row + step, column],
      ArrowLeft: [row, column - step],
      ArrowRight: [row, column + step],
      Home: [row, 0],
      End: [row, Infinity],
    };
    const move = moves[event.key];
    if (move) {
      this.store.point(cell ? this.unitsAt(...move) : this.unitsAt(row, column));
      this.announce();
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && cell) {
      this.store.keepNumber(cell);
      this.store.togglePin(cell.query, isAdding(event));
      this.announce();
      event.preventDefault();
    }
  }
}
