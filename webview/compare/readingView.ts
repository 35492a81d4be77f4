import { type TemplateResult, html, nothing, render } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { type Both, type Reading, type Side, isMissing, sides } from '../../src/protocol/compare';
import { button } from '../common/controls';
import { element } from '../common/element';
import { fill } from '../common/format';
import { cssColor } from '../common/ramp';
import { type Theme, readTheme } from '../common/theme';
import { type Cell, runSize } from './axes';
import { colorStep } from './plots';
import { checkBox, choice, numberChoice } from './fields';
import { HeadGrid, headsOf } from './headGrid';
import { HeadPair } from './headPair';
import { MatrixPlot } from './matrixPlot';
import { maybe, partFrame, partTime } from './partFrame';
import { sharesTable } from './sharesTable';
import type { Store } from './store';
import { tokenRows } from './tokenRows';
import type { Verbs } from './verbs';

/** Same text, two ways of reading: tokens under tokens, and one head of each beside the other. */
export class ReadingView {
  private readonly pair: HeadPair;
  private readonly plots: Both<MatrixPlot>;
  private readonly grids: Both<HeadGrid>;
  private theme: Theme = readTheme();
  /** Follows the pointer, without the page being drawn anew. */
  private readonly readout = element('p', 'readout', { role: 'status' });

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.pair = new HeadPair(store, verbs);
    const pick = (layer: number, head: number): void => {
      store.setLook({ layer, head });
    };
    const plot = (side: Side): MatrixPlot =>
      new MatrixPlot((cell) => {
        this.point(side, cell);
      });
    this.plots = { left: plot('left'), right: plot('right') };
    this.grids = { left: new HeadGrid(pick), right: new HeadGrid(pick) };
  }

  newTheme(): void {
    this.theme = readTheme();
  }

  draw(): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store;
    return partFrame(
      store,
      verbs,
      'reading',
      (reading) =>
        html`<section class="tokens">
            <h2>${strings.sameText} ${partTime(store, 'reading')}</h2>
            ${guard([reading, store.snapshot.compared], () => tokenRows(store, reading, verbs))}
          </section>
          <section class="matrices">
            <h2>${strings.sameHead}</h2>
            ${this.pickers(reading)} ${this.readout}
            <div class="two">${sides.map((side) => this.sideView(reading, side))}</div>
            ${sharesTable(store, { left: this.pair.shown(reading, 'left'), right: this.pair.shown(reading, 'right') })}
            <p class="quiet note">${strings.sharesNote}</p>
          </section>`,
    );
  }

  /** Draws the canvases, after the page has given them their room. */
  paint(): void {
    const reading = this.store.value('reading');
    if (!reading) {
      return;
    }
    this.pair.update(reading);
    for (const side of sides) {
      const run = reading[side];
      if (!isMissing(run)) {
        const { layer, head } = this.pair.chosen(reading, side);
        const label = fill(this.store.strings.matrixLabel, this.store.nameOf(side), layer, head);
        this.plots[side].draw(this.pair.scenes[side], this.theme, label);
        this.grids[side].paint(run, this.theme);
      }
    }
  }

  /** Marks what is pointed at in both matrices, and reads it out. */
  light(): void {
    const reading = this.store.value('reading');
    if (reading) {
      render(this.pair.readout(reading), this.readout);
    }
    const { lit } = this.store;
    const pointed = this.pair.cell && this.plots[this.pair.cell.side].axis;
    const [query, key] = [
      pointed?.[this.pair.cell?.cell.row ?? -1]?.word ?? null,
      pointed?.[this.pair.cell?.cell.column ?? -1]?.word ?? null,
    ];
    for (const side of sides) {
      const { axis } = this.plots[side];
      const place = (word: number | null): number =>
        axis.findIndex((unit) => word !== null && word >= 0 && unit.word === word);
      const own = this.pair.cell?.side === side ? this.pair.cell.cell : null;
      const twin = this.pair.cell ? { row: place(query), column: place(key) } : null;
      const cell = own ?? (twin && twin.row >= 0 && twin.column >= 0 ? twin : null);
      const units = lit === null ? [] : [...axis.keys()].filter((index) => axis[index]?.word === lit);
      this.plots[side].mark(cell, units, this.theme);
    }
  }

  private point(side: Side, cell: Cell | null): void {
    const same =
      this.pair.cell?.side === side &&
      this.pair.cell.cell.row === cell?.row &&
      this.pair.cell.cell.column === cell.column;
    if (same || (cell === null && this.pair.cell === null)) {
      return;
    }
    this.pair.cell = cell && { side, cell };
    const word = cell ? (this.plots[side].axis[cell.row]?.word ?? -1) : -1;
    if (!this.verbs.point(word < 0 ? null : word)) {
      this.light();
    }
  }

  private pickers(reading: Reading): TemplateResult {
    const { store } = this;
    const { strings, look } = store;
    const counts = sides.map((side) => {
      const run = reading[side];
      return isMissing(run) ? { numLayers: 1, numHeads: 1 } : headsOf(run);
    });
    return html`<div class="row pickers">
      ${numberChoice(
        strings.layer,
        look.layer,
        Math.max(...counts.map(({ numLayers }) => numLayers)),
        (layer) => {
          store.setLook({ layer });
        },
      )}
      ${numberChoice(strings.head, look.head, Math.max(...counts.map(({ numHeads }) => numHeads)), (head) => {
        store.setLook({ head });
      })}
      ${choice(
        strings.rowsAndColumns,
        look.axes,
        [
          ['words', strings.axesWords],
          ['tokens', strings.axesTokens],
        ],
        (axes) => {
          store.setLook({ axes });
        },
      )}
      ${checkBox(strings.showSpecial, look.special, (special) => {
        store.setLook({ special });
      })}
      <span class="grow"></span>${this.legend(reading)}
    </div>`;
  }

  private legend(reading: Reading): TemplateResult {
    this.pair.update(reading);
    const max = Math.max(this.pair.scenes.left?.max ?? 0, this.pair.scenes.right?.max ?? 0);
    const steps = Array.from({ length: 16 }, (_, index) => this.theme.ramp.colors[index * 17] ?? [0, 0, 0]);
    return html`<span class="legend" title=${this.store.strings.legendHint}
      ><span>0</span
      ><svg viewBox="0 0 16 1" preserveAspectRatio="none" aria-hidden="true">
        ${steps.map((color, index) => colorStep(index, cssColor(color as [number, number, number])))}
      </svg>
      <span>${max.toFixed(2)}</span></span
    >`;
  }

  private sideView(reading: Reading, side: Side): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store;
    const name = store.nameOf(side);
    return html`<div class="side ${side}" data-side=${side}>
      <h3><span class="swatch ${side}" aria-hidden="true"></span>${name}</h3>
      ${maybe(store, verbs, reading[side], { model: name, part: 'reading' }, (run) => {
        const shown = this.pair.shown(reading, side);
        const { layer, head } = this.pair.chosen(reading, side);
        const { numLayers, numHeads } = headsOf(run);
        const clipped = layer !== store.look.layer || head !== store.look.head;
        const n = runSize(run);
        return html`<p class="quiet">
            ${fill(strings.headName, layer, head)}
            ${clipped ? fill(strings.clipped, numLayers, numHeads) : nothing}
          </p>
          ${this.plots[side].element}
          ${shown && !(shown.weights instanceof Float32Array) ? this.weightsState(shown.weights) : nothing}
          <p class="sees">
            ${run.causal ? fill(strings.seesPast, (n * (n + 1)) / 2, n * n) : fill(strings.seesAll, n, n * n)}
          </p>
          ${this.hiddenShare(side)}
          <h4>${strings.headsHeading}</h4>
          ${this.grids[side].draw(run, layer, head, strings)}
          <p>
            ${button(
              strings.openVisualizer,
              () => {
                verbs.openVisualizer(side, layer);
              },
              true,
            )}
          </p>`;
      })}
    </div>`;
  }

  private weightsState(state: 'loading' | 'failed'): TemplateResult {
    const { strings } = this.store;
    return state === 'loading'
      ? html`<p class="quiet">${strings.loadingHead}</p>`
      : html`<p class="failure">
          ${strings.headFailed}
          <button
            type="button"
            class="link"
            @click=${() => {
              this.pair.retry();
            }}
          >
            ${strings.retry}
          </button>
        </p>`;
  }

  /** Rows that leave special tokens out do not sum to 1: how much is missing. */
  private hiddenShare(side: Side): TemplateResult | typeof nothing {
    const scene = this.pair.scenes[side];
    if (!scene || scene.axis.length === 0) {
      return nothing;
    }
    const sum = scene.weights.reduce((total, weight) => total + weight, 0) / scene.axis.length;
    return sum > 0.9995
      ? nothing
      : html`<p class="quiet">
          ${fill(this.store.strings.hiddenShare, `${(100 * (1 - sum)).toFixed(1)}%`)}
        </p>`;
  }
}
