import { fill } from '../common/format';
import { element } from '../common/element';
import { cssColor, rampIndex, readableOn } from '../common/ramp';
import type { Theme } from '../common/theme';
import { visibleText } from '../common/tokenText';
import type { HeadMatrix } from './headMatrix';
import { isAdding } from './selection';
import type { Store } from './store';

/**
 * The analysed text as chips. Pointing at one shows what it attends to, in the chips themselves and in
 * every other view. One tab stop: arrow keys move inside.
 */
export class TokenStrip {
  readonly element = element('div', 'strip', {
    role: 'listbox',
    tabindex: '0',
    'aria-multiselectable': 'true',
  });
  private chips: HTMLElement[] = [];
  /** Units that are in the strip: all, or of a picture those that are no patches. */
  private listed: readonly number[] = [];
  private tinted: HTMLElement[] = [];
  private units: Store['units'] = [];
  private marked: HTMLElement[] = [];
  private shown: HeadMatrix | null = null;

  constructor(
    private readonly store: Store,
    predict: (unit: number) => void,
  ) {
    this.element.addEventListener('pointermove', (event) => {
      store.hover(this.indexAt(event));
    });
    this.element.addEventListener('pointerleave', () => {
      store.hover(null);
    });
    this.element.addEventListener('click', (event) => {
      const index = this.indexAt(event);
      if (index !== null) {
        store.togglePin(index, isAdding(event));
      }
    });
    this.element.addEventListener('dblclick', (event) => {
      const index = this.indexAt(event);
      if (index !== null) {
        predict(index);
      }
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.element.addEventListener('blur', () => {
      store.hover(null);
    });
  }

  /** Makes the chips anew when the run is new. */
  update(): void {
    const { view, units, snapshot } = this.store;
    this.element.setAttribute('aria-label', snapshot.strings.tokens);
    if (!view || units === this.units) {
      return;
    }
    this.units = units;
    this.tinted = [];
    this.marked = [];
    this.shown = null;
    this.chips = units.map((token, index) => {
      const chip = element('span', 'chip', {
        role: 'option',
        id: `token-${index}`,
        'aria-selected': 'false',
        dir: 'auto',
      });
      chip.textContent = visibleText(token);
      const label = fill(snapshot.strings.tokenDetail, token.index, visibleText(token), token.id);
      chip.title = token.special ? `${label} (${snapshot.strings.specialToken})` : label;
      chip.setAttribute('aria-label', chip.title);
      chip.dataset['index'] = String(index);
      chip.classList.toggle('special', token.special);
      const before = units[index - 1];
      chip.classList.toggle(
        'joined',
        before !== undefined &&
          !token.special &&
          before.end === token.start &&
          !before.special &&
          before.text2 === token.text2,
      );
      return chip;
    });
    const isListed = (token: (typeof units)[number]): boolean => token.special || view.grid === undefined;
    this.listed = [...units.keys()].filter((unit) => isListed(units[unit] as (typeof units)[number]));
    this.element.hidden = this.listed.length === 0;
    // The second text of two begins a line of its own.
    const border = units.findIndex((unit) => unit.text2);
    this.element.replaceChildren(...this.listed.map((unit) => this.chips[unit] as HTMLElement));
    this.chips[border]?.before(element('span', 'turn', { role: 'presentation' }));
  }

  /** Marks the query and tints the keys; touches only the chips that change. */
  paint(theme: Theme): void {
    for (const chip of this.tinted) {
      chip.style.removeProperty('background-color');
      chip.style.removeProperty('color');
    }
    this.tinted = [];
    const { focus, pinned, pair, matrix } = this.store;
    const max = focus?.links[0]?.weight ?? 0;
    for (const link of focus?.links ?? []) {
      const chip = this.chips[focus?.side === 'query' ? link.key : link.query];
      if (!chip || link.weight < max * 0.04) {
        break;
      }
      const color = theme.ramp.colors[rampIndex(link.weight, max)] ?? [0, 0, 0];
      chip.style.backgroundColor = cssColor(color);
      chip.style.color = readableOn(color);
      this.tinted.push(chip);
    }
    for (const chip of this.marked) {
      chip.classList.remove('query', 'key', 'pinned');
      chip.setAttribute('aria-selected', 'false');
    }
    this.marked = [];
    const mark = (unit: number | undefined, kind: 'query' | 'key' | 'pinned'): void => {
      const chip = this.chips[unit ?? -1];
      if (chip) {
        chip.classList.add(kind);
        this.marked.push(chip);
      }
    };
    focus?.units.forEach((unit) => {
      mark(unit, focus.side);
    });
    mark(pair?.query, 'query');
    mark(pair?.key, 'key');
    pinned.forEach((unit) => {
      mark(unit, 'pinned');
      this.chips[unit]?.setAttribute('aria-selected', 'true');
    });
    this.paintAside(matrix);
  }

  /** Tokens that are neither queries nor keys of what is shown stand back. */
  private paintAside(matrix: HeadMatrix | null): void {
    if (matrix && matrix !== this.shown) {
      this.shown = matrix;
      this.chips.forEach((chip, unit) => {
        const takesPart = matrix.rowOf(unit) !== undefined || matrix.columnOf(unit) !== undefined;
        chip.classList.toggle('aside', !takesPart);
      });
    }
  }

  private onKey(event: KeyboardEvent): void {
    const { hovered, pinned } = this.store;
    const here = hovered ?? pinned[0] ?? -1;
    const { listed } = this;
    const place = listed.indexOf(here);
    const last = listed.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(last, place + 1),
      ArrowDown: Math.min(last, place + 1),
      ArrowLeft: Math.max(0, place - 1),
      ArrowUp: Math.max(0, place - 1),
      Home: 0,
      End: last,
    };
    const target = listed[targets[event.key] ?? -1];
    if (target !== undefined) {
      this.store.hover(target);
      this.element.setAttribute('aria-activedescendant', `token-${target}`);
      this.chips[target]?.scrollIntoView({ block: 'nearest' });
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && here >= 0) {
      this.store.togglePin(here, isAdding(event));
      event.preventDefault();
    }
  }

  private indexAt(event: Event): number | null {
    const chip = event.target instanceof Element ? event.target.closest<HTMLElement>('.chip') : null;
    return chip ? Number(chip.dataset['index']) : null;
  }
}
