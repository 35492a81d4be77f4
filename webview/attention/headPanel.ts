import { NumberDropdown, button } from '../common/controls';
import { html, nothing, render } from 'lit';
import { element } from '../common/element';
import { fill } from '../common/format';
import type { Theme } from '../common/theme';
import type { AttentionView } from '../../src/protocol/attentionPage';
import type { ComparedRun } from './comparedRun';
import { LensBar } from './lensBar';
import { Legend } from './legend';
import { LinesView } from './linesView';
import { MatrixView } from './matrixView';
import { PictureFigures } from './pictureFigures';
import { readout } from './readout';
import type { Tab } from './savedState';
import type { ShownPictures } from './shownPictures';
import type { Store } from './store';

/** From this width on, matrix and lines stand side by side. */
const wide = 560;
/** Weights that take longer are said to be on their way. */
const lateMilliseconds = 120;

/** The chosen head, large: selectors, the read-out line, matrix and lines. */
export class HeadPanel {
  readonly element = element('section', 'head');
  private readonly layers: NumberDropdown;
  private readonly heads: NumberDropdown;
  private readonly tabs = element('div', 'tabs', { role: 'group' });
  private readonly readout = element('p', 'readout');
  private readonly failure = element('div', 'head-failure');
  private readonly plots = element('div', 'plots');
  private readonly matrixFigure = element('figure', '');
  private readonly linesFigure = element('figure', '');
  private readonly matrixCaption = element('figcaption', '');
  private readonly linesCaption = element('figcaption', '');
  /** The same head of the run that is compared. */
  private readonly otherFigure = element('figure', '');
  private readonly otherCaption = element('figcaption', '');
  private readonly other: MatrixView;
  private readonly matrix: MatrixView;
  private readonly lines: LinesView;
  /** Of a picture: the picture itself with the weights over it. */
  private readonly pictures: PictureFigures;
  private readonly lensBar: LensBar;
  private readonly legend: Legend;
  private fading = 0;

  constructor(
    private readonly store: Store,
    private readonly compared: ComparedRun,
    shown: ShownPictures,
    announce: (text: string) => void,
  ) {
    const say = (): void => {
      announce(readout(store, compared));
    };
    this.layers = new NumberDropdown((layer) => {
      store.choose(layer, store.head);
    });
    this.heads = new NumberDropdown((head) => {
      store.choose(store.layer, head);
    });
    this.matrix = new MatrixView(store, say);
    this.lines = new LinesView(store, say);
    this.other = new MatrixView(compared, say);
    this.otherFigure.append(this.otherCaption, this.other.element);
    this.lensBar = new LensBar(store);
    this.legend = new Legend(store);
    this.matrixFigure.append(this.matrixCaption, this.matrix.element);
    this.linesFigure.append(this.linesCaption, this.lines.element);
    this.pictures = new PictureFigures(store, compared, shown, say);
    this.plots.append(...this.pictures.elements, this.matrixFigure, this.linesFigure);
    const bar = element('div', 'bar', {}, [
      this.layers.element,
      this.heads.element,
      this.lensBar.combination.element,
      this.tabs,
      this.legend.element,
    ]);
    this.element.append(bar, this.lensBar.element, this.readout, this.failure, this.plots);
  }

  focus(): void {
    if (this.store.view?.grid) {
      this.pictures.focus();
      return;
    }
    (this.store.tab === 'lines' && !this.isWide ? this.lines : this.matrix).element.focus();
  }

  private get isWide(): boolean {
    return this.plots.clientWidth >= wide;
  }

  /** Draws all; returns whether weights are on the screen. */
  draw(theme: Theme, maxHeight: number): boolean {
    const { stack, snapshot, layer, head, headState, tab } = this.store;
    if (!stack) {
      return false;
    }
    const { strings } = snapshot;
    const name = fill(strings.layerHead, layer, head);
    this.element.setAttribute('aria-label', name);
    this.matrix.element.setAttribute('aria-label', `${strings.matrix}, ${name}. ${strings.matrixKeys}`);
    this.lines.element.setAttribute('aria-label', `${strings.lines}, ${name}. ${strings.linesKeys}`);
    this.layers.update(strings.layer, (index) => fill(strings.layerNumber, index), stack.numLayers, layer);
    this.heads.update(strings.head, (index) => fill(strings.headNumber, index), stack.numHeads, head);
    const axes = (text: string): HTMLElement => element('span', 'axes', {}, [text]);
    const compares = this.compared.matrix !== null;
    const { view } = this.store;
    const otherView = this.compared.view;
    const sideName = (side: AttentionView | null): string =>
      otherView && view && otherView.model.id === view.model.id
        ? (side?.text ?? '').slice(0, 60)
        : (side?.model.id ?? '');
    const matrixAxes = axes(`${strings.query} ↓ ${strings.key} →`);
    this.matrixCaption.replaceChildren(compares ? sideName(view) : strings.matrix, matrixAxes);
    const otherHead = fill(strings.layerHead, this.compared.head.layer, this.compared.head.head);
    this.otherCaption.replaceChildren(sideName(otherView), axes(otherHead));
    this.other.element.setAttribute(
      'aria-label',
      `${strings.comparedWith} ${sideName(otherView)}, ${otherHead}. ${strings.matrixKeys}`,
    );
    this.linesCaption.replaceChildren(strings.lines, axes(`${strings.query} → ${strings.key}`));
    this.drawFailure();
    // The weights of the head before would pass for this one's.
    this.plots.hidden = headState.kind === 'failed';
    this.drawTabs();
    this.showStale(headState.kind !== 'ready');
    const wideEnough = this.isWide;
    const isPicture = this.store.view?.grid !== undefined;
    const tall = (compares || isPicture) && !wideEnough;
    this.plots.classList.toggle('tall', tall);
    // Two pictures side by side need the room; a picture otherwise stands beside its matrix.
    this.matrixFigure.hidden = isPicture ? compares : !compares && !wideEnough && tab !== 'matrix';
    this.linesFigure.hidden = isPicture || compares || (!wideEnough && tab !== 'lines');
    if (!compares || isPicture) {
      this.otherFigure.remove();
    } else if (!this.otherFigure.isConnected) {
      this.matrixFigure.after(this.otherFigure);
    }
    const width = wideEnough ? Math.floor((this.plots.clientWidth - 16) / 2) : this.plots.clientWidth;
    const height = tall ? maxHeight * 0.6 : maxHeight;
    // One scale for both, or they could not be compared.
    const max = Math.max(this.store.matrix?.max ?? 0, this.compared.matrix?.max ?? 0);
    if (!this.matrixFigure.hidden) {
      this.matrix.draw(theme, width, height, max);
    }
    this.pictures.draw(theme, width, height);
    if (compares && !isPicture) {
      this.other.draw(theme, width, height, max);
    }
    if (!this.linesFigure.hidden) {
      this.lines.draw(theme, width, Math.min(height, wideEnough ? width : height));
    }
    this.legend.draw(theme, max);
    this.paint(theme);
    return headState.kind === 'ready';
  }

  /** Follows the pointer. */
  paint(theme: Theme): void {
    this.lensBar.draw();
    this.readout.textContent = readout(this.store, this.compared);
    this.readout.title = this.readout.textContent;
    if (this.store.matrix) {
      this.matrix.paint(theme);
      this.pictures.paint(theme);
      if (this.compared.matrix) {
        this.other.paint(theme);
      }
      if (!this.linesFigure.hidden) {
        this.lines.paint(theme);
      }
    }
  }

  /** Weights that come at once replace the old ones without a flicker; those that are late let them fade. */
  private showStale(isStale: boolean): void {
    this.plots.classList.toggle('stale', isStale);
    window.clearTimeout(this.fading);
    this.plots.classList.remove('late');
    if (isStale) {
      this.fading = window.setTimeout(() => {
        this.plots.classList.add('late');
      }, lateMilliseconds);
    }
  }

  private drawFailure(): void {
    const { headState, snapshot } = this.store;
    render(
      headState.kind === 'failed'
        ? html`<span role="alert">${snapshot.strings.headFailed}</span>
            ${headState.detail === undefined ? nothing : html`<code>${headState.detail}</code>`}
            ${button(snapshot.strings.retry, () => {
              this.store.retryHead();
            })}`
        : nothing,
      this.failure,
    );
  }

  private drawTabs(): void {
    const { snapshot, tab } = this.store;
    const one = (name: Tab, label: string): unknown =>
      html`<button
        type="button"
        aria-pressed=${String(tab === name)}
        @click=${() => {
          this.store.showTab(name);
        }}
      >
        ${label}
      </button>`;
    this.tabs.hidden = this.isWide || this.compared.matrix !== null || this.store.view?.grid !== undefined;
    render(html`${one('matrix', snapshot.strings.matrix)}${one('lines', snapshot.strings.lines)}`, this.tabs);
  }
}
