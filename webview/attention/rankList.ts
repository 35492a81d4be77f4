import { type TemplateResult, html, render } from 'lit';
import { element } from '../common/element';
import { PairList } from './pairList';
import { patternList } from './patternList';
import type { Store } from './store';

type Side = 'pairs' | 'patterns';

/** Beside the overview: the strongest weights in words, or what each head does. */
export class RankList {
  readonly element = element('section', 'ranks');
  private readonly pairs: PairList;
  private side: Side = 'pairs';

  constructor(private readonly store: Store) {
    this.pairs = new PairList(store);
  }

  paint(): void {
    const { matrix, view, snapshot } = this.store;
    if (!matrix || !view) {
      return;
    }
    const { text, hint } = this.pairs.title();
    const { strings } = snapshot;
    render(
      html`<div class="sides" role="group">
          ${this.tab('pairs', strings.pairsTab)}${this.tab('patterns', strings.patternsTab)}
        </div>
        ${
          this.side === 'pairs'
            ? html`<h2 title=${hint}>${text}</h2>
                ${this.pairs.list(matrix)}`
            : html`<h2 title=${strings.patternsHint}>${strings.patternsTitle}</h2>
                ${patternList(this.store)}`
        }`,
      this.element,
    );
  }

  private tab(side: Side, label: string): TemplateResult {
    return html`<button
      type="button"
      aria-pressed=${String(this.side === side)}
      @click=${() => {
        this.side = side;
        this.paint();
      }}
    >
      ${label}
    </button>`;
  }
}
