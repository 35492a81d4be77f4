import { type TemplateResult, html, nothing, render } from 'lit';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { element } from '../common/element';
import type { ComparedRun } from './comparedRun';
import { differenceList } from './differenceList';
import { EffectsTab } from './effectsTab';
import type { HeadMatrix } from './headMatrix';
import { numberView } from './numberView';
import { PairList } from './pairList';
import { patternList } from './patternList';
import { predictionList } from './predictionList';
import type { Store } from './store';

type Side = 'pairs' | 'patterns' | 'predictions' | 'number' | 'effects' | 'differences';

/** Beside the overview: the strongest weights in words, or what each head does. */
export class RankList {
  readonly element = element('section', 'ranks');
  private readonly pairs: PairList;
  private side: Side = 'pairs';
  private readonly effects: EffectsTab;
  /** The last run that was made to look at effects. */
  private openedFor = -1;

  constructor(
    private readonly store: Store,
    private readonly compared: ComparedRun,
    /** The list asks for more room, or gives it back. */
    private readonly resized: () => void,
    connection: MessageConnection,
  ) {
    this.pairs = new PairList(store);
    this.effects = new EffectsTab(store, connection, () => {
      this.choose('pairs');
    });
  }

  paint(): void {
    const { matrix, view, snapshot } = this.store;
    if (!matrix || !view) {
      return;
    }
    const { strings } = snapshot;
    if (view.openEffects && view.runId !== this.openedFor) {
      this.openedFor = view.runId;
      this.choose('effects');
    }
    this.element.classList.toggle('of-number', this.shown === 'number');
    this.element.classList.toggle('of-effects', this.shown === 'effects');
    render(
      html`<div class="sides" role="group">
          ${this.tab('pairs', strings.pairsTab)}${this.tab('patterns', strings.patternsTab)}${
            this.predicts ? this.tab('predictions', strings.predictionsTab) : nothing
          }
          ${snapshot.standalone ? nothing : this.tab('number', strings.numberTab)}
          ${snapshot.standalone ? nothing : this.tab('effects', strings.effectsTab)}
          ${this.compared.matrix ? this.tab('differences', strings.differencesTab) : nothing}
        </div>
        ${this.content(matrix)}`,
      this.element,
    );
  }

  /** Asks what the model expects at a unit and shows the answer. */
  predict(unit: number): void {
    if (this.predicts) {
      this.side = 'predictions';
      this.store.predict(unit);
    }
  }

  /** An exported file has no model, a picture no next token, and what an encoder-decoder expects is not asked yet. */
  private get predicts(): boolean {
    const { snapshot, stack, view } = this.store;
    return !snapshot.standalone && stack?.name === 'only' && view?.grid === undefined;
  }

  /** The side on show: what is not offered here gives way to the pairs. */
  private get shown(): Side {
    const isOffered = {
      pairs: true,
      patterns: true,
      predictions: this.predicts,
      number: !this.store.snapshot.standalone,
      effects: !this.store.snapshot.standalone,
      differences: this.compared.matrix !== null,
    }[this.side];
    return isOffered ? this.side : 'pairs';
  }

  private content(matrix: HeadMatrix): TemplateResult {
    const { strings } = this.store.snapshot;
    switch (this.shown) {
      case 'differences':
        return differenceList(this.store, this.compared);
      case 'pairs': {
        const { text, hint } = this.pairs.title();
        return html`<h2 title=${hint}>${text}</h2>
          ${this.pairs.list(matrix)}`;
      }
      case 'patterns':
        return html`<h2 title=${strings.patternsHint}>${strings.patternsTitle}</h2>
          ${patternList(this.store)}`;
      case 'predictions':
        return predictionList(this.store);
      case 'number':
        return numberView(this.store);
      case 'effects':
        return this.effectsView();
    }
  }

  /** Pictures have no next token, and an encoder-decoder's prediction is not looked into yet. */
  private effectsView(): TemplateResult {
    const { view, stack, snapshot } = this.store;
    const { strings } = snapshot;
    if (view?.grid || stack?.name !== 'only') {
      return html`<p class="quiet">
        ${view?.grid ? strings.effectsNeedsText : strings.effectsNeedsOneStack}
      </p>`;
    }
    this.effects.show();
    return html`${this.effects.element}`;
  }

  private choose(side: Side): void {
    const before = this.side;
    this.side = side;
    this.paint();
    if (before !== side && [before, side].some((each) => each === 'number' || each === 'effects')) {
      this.resized();
    }
  }

  private tab(side: Side, label: string): TemplateResult {
    return html`<button
      type="button"
      aria-pressed=${String(this.side === side)}
      @click=${() => {
        this.choose(side);
      }}
    >
      ${label}
    </button>`;
  }
}
