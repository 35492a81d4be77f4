import type { HeadIndex } from '../../src/attention/combineHeads';
import type { PatternKind } from '../../src/attention/headLabels';
import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import { fill } from '../common/format';
import type { Theme } from '../common/theme';
import { type OverviewImage, paintOverview } from '../common/overviewPaint';
import { patternName } from './patternNames';
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
  /** Heads that are outlined as chosen together. */
  private chosen: ReadonlySet<number> = new Set();
  private built = '';
  /** Head numbers, place by place: layer × head, or sorted by a pattern. */
  private order: readonly number[] = [];
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
      if (index !== null && (event.ctrlKey || event.metaKey || event.shiftKey)) {
        store.toggleChosen(this.headOf(index));
      } else if (index !== null) {
        this.chooseIndex(index);
      }
    });
    this.grid.addEventListener('dblclick', () => {
      store.setLens({ combination: 'head', chosen: [] });
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
    const { stack, snapshot, thumbnails, survey, order } = this.store;
    if (!stack || !thumbnails || width <= 0) {
      return;
    }
    const { numLayers, numHeads } = stack;
    const { overview, layer, head } = snapshot.strings;
    const axes = element('span', 'axes', {}, [`${layer} ↓ ${head} →`]);
    const sorting = order && survey ? order : null;
    this.heading.replaceChildren(overview, sorting ? this.sortedNote(sorting) : axes);
    this.order = sorting && survey ? survey.ranking(sorting) : [...Array(numLayers * numHeads).keys()];
    this.grid.setAttribute('aria-label', `${snapshot.strings.overview}. ${snapshot.strings.overviewHint}`);
    const ratio = window.devicePixelRatio || 1;
    const byWidth = (width - 26) / numHeads;
    const byHeight = (maxHeight - 60) / numLayers;
    const pitch = Math.floor(Math.max(14, Math.min(byWidth, byHeight, 72)) * ratio) / ratio;
    const pixels = Math.round((pitch - gap) * ratio);
    this.buildGrid(numLayers, numHeads, pitch, sorting !== null);
    this.image = paintOverview({
      thumbnails,
      columns: numHeads,
      order: this.order,
      ramp: theme.ramp,
      pixels,
      pitch: Math.round(pitch * ratio),
    });
    prepareCanvas(this.canvas, pitch * numHeads, pitch * numLayers);
    this.canvas.getContext('2d')?.putImageData(this.image.data, 0, 0);
    this.select();
  }

  /** Outlines the chosen head. */
  select(): void {
    const { layer, head, stack, lens } = this.store;
    const numHeads = stack?.numHeads ?? 0;
    const chosen = new Set(
      lens.combination.startsWith('chosen')
        ? lens.chosen.map((each) => each.layer * numHeads + each.head)
        : [],
    );
    for (const index of this.chosen) {
      this.cells[index]?.classList.toggle('chosen', chosen.has(index));
    }
    for (const index of chosen) {
      this.cells[index]?.classList.add('chosen');
    }
    this.chosen = chosen;
    this.selected?.classList.remove('current');
    this.selected?.setAttribute('aria-selected', 'false');
    this.selected = this.cells[layer * numHeads + head];
    this.selected?.classList.add('current');
    this.selected?.setAttribute('aria-selected', 'true');
    if (this.selected) {
      this.grid.setAttribute('aria-activedescendant', this.selected.id);
    }
    this.describe(null);
  }

  private describe(index: number | null): void {
    const { stack, snapshot, layer, head } = this.store;
    if (stack) {
      const { numHeads } = stack;
      const shown = index ?? layer * numHeads + head;
      const strongest = ((this.image?.strongest[shown] ?? 0) / 255).toFixed(2);
      const { layer: shownLayer, head: shownHead } = this.headOf(shown);
      const facts = fill(snapshot.strings.overviewCell, shownLayer, shownHead, strongest);
      const labels = this.store.survey?.labels[shown] ?? [];
      this.caption.textContent = [
        facts,
        ...labels
          .slice(0, 2)
          .map(({ kind, score }) => `${patternName(kind, snapshot.strings)} ${score.toFixed(2)}`),
      ].join(' · ');
    }
  }

  private buildGrid(numLayers: number, numHeads: number, pitch: number, sorted: boolean): void {
    const { strings } = this.store.snapshot;
    const frame = this.grid.parentElement;
    frame?.style.setProperty('--pitch', `${pitch}px`);
    frame?.style.setProperty('--heads', String(numHeads));
    const key = `${numLayers}/${numHeads}/${strings.layerHead}/${pitch < 18}/${sorted ? this.order.join() : ''}`;
    if (key === this.built) {
      return;
    }
    this.built = key;
    this.cells = [];
    const rows = Array.from({ length: numLayers }, (_, row) => {
      const cells = Array.from({ length: numHeads }, (__, column) => {
        const index = this.order[row * numHeads + column] ?? 0;
        const { layer, head } = this.headOf(index);
        const name = fill(strings.layerHead, layer, head);
        const cell = element('div', 'cell', {
          role: 'gridcell',
          id: `head-${index}`,
          'aria-label': name,
          title: name,
        });
        cell.dataset['index'] = String(index);
        this.cells[index] = cell;
        return cell;
      });
      return element('div', 'row', { role: 'row' }, cells);
    });
    this.grid.replaceChildren(...rows);
    // Two-digit labels need 14 px; in a small grid every other one is left out.
    const step = pitch < 18 ? 2 : 1;
    const labels = (count: number): HTMLElement[] =>
      Array.from({ length: count }, (_, i) =>
        element('span', '', {}, [!sorted && i % step === 0 ? String(i) : '']),
      );
    this.columns.replaceChildren(...labels(numHeads));
    this.rows.replaceChildren(...labels(numLayers));
  }

  private onKey(event: KeyboardEvent): void {
    const { stack } = this.store;
    if (!stack) {
      return;
    }
    // Keys move by place, which is layer and head only while nothing is sorted.
    const { numHeads, numLayers } = stack;
    const current = this.store.layer * numHeads + this.store.head;
    const place = Math.max(0, this.order.indexOf(current));
    const layer = Math.floor(place / numHeads);
    const head = place % numHeads;
    const lastLayer = numLayers - 1;
    const lastHead = numHeads - 1;
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
      this.chooseIndex(this.order[target[0] * numHeads + target[1]] ?? 0);
      event.preventDefault();
    } else if (event.key === ' ' && whole) {
      this.store.toggleChosen(this.headOf(current));
      event.preventDefault();
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.open();
      event.preventDefault();
    }
  }

  private headOf(index: number): HeadIndex {
    const numHeads = this.store.stack?.numHeads ?? 1;
    return { layer: Math.floor(index / numHeads), head: index % numHeads };
  }

  /** Says that the order is not that of the layers, and leads back. */
  private sortedNote(kind: PatternKind): HTMLElement {
    const { strings } = this.store.snapshot;
    const back = element('button', 'link', { type: 'button' }, [strings.unsort]);
    back.addEventListener('click', () => {
      this.store.setOrder(null);
    });
    const name = fill(strings.sortedBy, patternName(kind, strings));
    return element('span', 'axes', {}, [name, ' ', back]);
  }

  private chooseIndex(index: number): void {
    const { layer, head } = this.headOf(index);
    this.store.choose(layer, head);
    this.cells[index]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

function cellIndex(event: Event): number | null {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.cell') : null;
  return cell ? Number(cell.dataset['index']) : null;
}
