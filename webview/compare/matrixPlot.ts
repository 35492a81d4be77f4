import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import type { Theme } from '../common/theme';
import type { AxisUnit, Cell } from './axes';
import { type MatrixScene, type Plot, layOutMatrix, paintMatrix, paintMarks } from './matrixPaint';

/** One head of one model as a heat-map: rows look at columns. Arrow keys move a cell, the pointer too. */
export class MatrixPlot {
  readonly element = element('div', 'plot', { role: 'application', tabindex: '0' });
  private readonly base = element('canvas', '', { 'aria-hidden': 'true' });
  private readonly overlay = element('canvas', 'overlay', { 'aria-hidden': 'true' });
  private plot: Plot | null = null;
  private scene: MatrixScene | null = null;
  private painted: { readonly scene: MatrixScene; readonly theme: Theme; readonly width: number } | null =
    null;
  private cell: Cell | null = null;

  constructor(private readonly pointed: (cell: Cell | null) => void) {
    this.element.append(this.base, this.overlay);
    this.element.addEventListener('pointermove', (event) => {
      this.pointed(this.cellAt(event));
    });
    this.element.addEventListener('pointerleave', () => {
      this.pointed(null);
    });
    this.element.addEventListener('blur', () => {
      this.pointed(null);
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
  }

  /** Draws the matrix into the room that it has; null leaves the room empty. */
  draw(scene: MatrixScene | null, theme: Theme, label: string): void {
    this.element.setAttribute('aria-label', label);
    const width = this.element.clientWidth;
    this.scene = scene;
    this.base.hidden = this.overlay.hidden = scene === null;
    if (!scene || width <= 0) {
      this.plot = this.painted = null;
      return;
    }
    if (this.painted?.scene === scene && this.painted.theme === theme && this.painted.width === width) {
      return;
    }
    this.painted = { scene, theme, width };
    const ratio = window.devicePixelRatio || 1;
    this.plot = layOutMatrix(prepareCanvas(this.base, width, 10), scene, theme, width, ratio);
    paintMatrix(prepareCanvas(this.base, width, this.plot.bottom), scene, theme, this.plot, ratio);
    // Where the square lies, for tests and for whoever inspects the page.
    this.base.dataset['left'] = String(this.plot.left);
    this.base.dataset['top'] = String(this.plot.top);
    this.base.dataset['cell'] = String(this.plot.cell);
  }

  /** Outlines a cell's row and column, or one unit's. Called for every move of the pointer. */
  mark(cell: Cell | null, units: readonly number[], theme: Theme): void {
    this.cell = cell;
    if (this.plot && this.scene) {
      const context = prepareCanvas(this.overlay, this.element.clientWidth, this.plot.bottom);
      paintMarks(context, this.scene, theme, this.plot, cell, units);
    }
  }

  get axis(): readonly AxisUnit[] {
    return this.scene?.axis ?? [];
  }

  private cellAt(event: PointerEvent): Cell | null {
    const { plot } = this;
    if (!plot) {
      return null;
    }
    const box = this.base.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - plot.left) / plot.cell);
    const row = Math.floor((event.clientY - box.top - plot.top) / plot.cell);
    return this.axis[row] && this.axis[column] ? { row, column } : null;
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.axis.length - 1;
    if (last < 0) {
      return;
    }
    const { row, column } = this.cell ?? { row: 0, column: 0 };
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [row - step, column],
      ArrowDown: [row + step, column],
      ArrowLeft: [row, column - step],
      ArrowRight: [row, column + step],
      Home: [row, 0],
      End: [row, last],
    };
    const move = moves[event.key];
    if (move) {
      const within = (place: number): number => Math.max(0, Math.min(last, place));
      const first = this.cell === null;
      this.pointed(first ? { row, column } : { row: within(move[0]), column: within(move[1]) });
      event.preventDefault();
    }
  }
}
