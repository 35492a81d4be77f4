import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import { fill } from '../common/format';
import type { Theme } from '../common/theme';
import { type OverviewImage, paintOverview } from './overviewPaint';
import type { Store } from './store';

const gap = 2;

/**
 * All heads at a glance: one canvas for the pictures and, on top, a transparent grid of real elements
 * that carries focus, names and clicks, so that the picture is as reachable as text.
 */
export class Overview {
  readonly element = element('section', 'overview');
  private readonly heading = element('h2', '');
  private readonly canvas = element('canvas', 'overview-canvas', { 'aria-hidden': 'true' });
  private readonly grid = element('div', 'overview-grid', {
    role: 'grid',
    tabindex: '0',
    'aria-readonly': 'true',
  });
  private readonly columns = element('div', 'overview-columns', { 'aria-hidden': 'true' });
  private readonly rows = element('div', 'overview-rows', { 'aria-hidden': 'true' });
  private readonly caption = element('p', 'caption', { id: 'overview-caption' });
  private readonly scroller = element('div', 'overview-scroll', {}, [
    element('div', 'overview-frame', {}, [this.columns, this.rows, this.canvas, this.grid]),
  ]);
  private cells: HTMLElement[] = [];
  private selected: HTMLElement | undefined;
  private built = '';
  private image: OverviewImage | null = null;

  constructor(
    private readonly store: Store,
    private readonly open: () => void,
  ) {
    this.element.append(this.heading, this.scroller, this.caption);
    this.grid.setAttribute('aria-describedby', 'overview-caption');
    this.grid.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.grid.addEventListener('click', (event) => {
      const index = cellIndex(event);
      if (index !== null) {
        this.chooseIndex(index);
      }
    });
    this.grid.addEventListener('dblclick', () => {
      this.open();
    });
    this.grid.addEventListener('pointermove', (event) => {
      this.describe(cellIndex(event));
    });
    this.grid.addEventListener('pointerleave', () => {
      this.describe(null);
    });
  }

  /** Draws the pictures for the room there is: `width` for all, `maxHeight` where it can be kept. */
  draw(theme: Theme, width: number, maxHeight: number): void {
    const { view, snapshot } = this.store;
    if (!view || width <= 0) {
      return;
    }
    const { numLayers, numHeads } = view.model;
    const { overview, layer, head } = snapshot.strings;
    const axes = element('span', 'axes', {}, [`${layer} ↓ ${head} →`]);
    this.heading.replaceChildren(overview, axes);
    this.grid.setAttribute('aria-label', `${snapshot.strings.overview}. ${snapshot.strings.overviewHint}`);
    const ratio = window.devicePixelRatio || 1;
    const byWidth = (width - 26) / numHeads;
    const byHeight = (maxHeight - 60) / numLayers;
    const pitch = Math.floor(Math.max(14, Math.min(byWidth, byHeight, 72)) * ratio) / ratio;
    const pixels = Math.round((pitch - gap) * ratio);
    this.buildGrid(numLayers, numHeads, pitch);
    this.image = paintOverview(view, theme.ramp, pixels, Math.round(pitch * ratio));
    prepareCanvas(this.canvas, pitch * numHeads, pitch * numLayers);
    this.canvas.getContext('2d')?.putImageData(this.image.data, 0, 0);
    this.select();
  }

  /** Outlines the chosen head. */
  select(): void {
    const { layer, head, view } = this.store;
    this.selected?.classList.remove('current');
    this.selected?.setAttribute('aria-selected', 'false');
    this.selected = this.cells[layer * (view?.model.numHeads ?? 0) + head];
    this.selected?.classList.add('current');
    this.selected?.setAttribute('aria-selected', 'true');
    if (this.selected) {
      this.grid.setAttribute('aria-activedescendant', this.selected.id);
    }
    this.describe(null);
  }

  private describe(index: number | null): void {
    const { view, snapshot, layer, head } = this.store;
    if (view) {
      const { numHeads } = view.model;
      const shown = index ?? layer * numHeads + head;
      const strongest = ((this.image?.strongest[shown] ?? 0) / 255).toFixed(2);
      this.caption.textContent = fill(
        snapshot.strings.overviewCell,
        Math.floor(shown / numHeads),
        shown % numHeads,
        strongest,
      );
    }
  }

  private buildGrid(numLayers: number, numHeads: number, pitch: number): void {
    const { strings } = this.store.snapshot;
    const frame = this.grid.parentElement;
    frame?.style.setProperty('--pitch', `${pitch}px`);
    frame?.style.setProperty('--heads', String(numHeads));
    const key = `${numLayers}/${numHeads}/${strings.layerHead}/${pitch < 18}`;
    if (key === this.built) {
      return;
    }
    this.built = key;
    this.cells = [];
    const rows = Array.from({ length: numLayers }, (_, layer) => {
      const cells = Array.from({ length: numHeads }, (__, head) => {
        const name = fill(strings.layerHead, layer, head);
        const index = String(layer * numHeads + head);
        const cell = element('div', 'cell', {
          role: 'gridcell',
          id: `head-${index}`,
          'aria-label': name,
          title: name,
        });
        cell.dataset['index'] = index;
        this.cells.push(cell);
        return cell;
      });
      return element('div', 'row', { role: 'row' }, cells);
    });
    this.grid.replaceChildren(...rows);
    // Two-digit labels need 14 px; in a small grid every other one is left out.
    const step = pitch < 18 ? 2 : 1;
    const labels = (count: number): HTMLElement[] =>
      Array.from({ length: count }, (_, i) => element('span', '', {}, [i % step === 0 ? String(i) : '']));
    this.columns.replaceChildren(...labels(numHeads));
    this.rows.replaceChildren(...labels(numLayers));
  }

  private onKey(event: KeyboardEvent): void {
    const { view, layer, head } = this.store;
    if (!view) {
      return;
    }
    const lastLayer = view.model.numLayers - 1;
    const lastHead = view.model.numHeads - 1;
    const whole = event.ctrlKey || event.metaKey;
    const targets: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [Math.max(0, layer - 1), head],
      ArrowDown: [Math.min(lastLayer, layer + 1), head],
      ArrowLeft: [layer, Math.max(0, head - 1)],
      ArrowRight: [layer, Math.min(lastHead, head + 1)],
      Home: [whole ? 0 : layer, 0],
      End: [whole ? lastLayer : layer, lastHead],
    };
    const target = targets[event.key];
    if (target) {
      this.chooseIndex(target[0] * view.model.numHeads + target[1]);
      event.preventDefault();
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.open();
      event.preventDefault();
    }
  }

  private chooseIndex(index: number): void {
    const numHeads = this.store.view?.model.numHeads ?? 1;
    this.store.choose(Math.floor(index / numHeads), index % numHeads);
    this.cells[index]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

function cellIndex(event: Event): number | null {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.cell') : null;
  return cell ? Number(cell.dataset['index']) : null;
}
