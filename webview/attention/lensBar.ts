import { html, nothing, render } from 'lit';
import { NumberDropdown } from '../common/controls';
import { element } from '../common/element';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { type Combination, type SinkKind, combinations, sinkKinds } from './lens';
import type { Store } from './store';

const combinationNames = {
  head: 'showHead',
  chosenMean: 'showChosenMean',
  chosenMax: 'showChosenMax',
  layerMean: 'showLayerMean',
  layerMax: 'showLayerMax',
  allMean: 'showAllMean',
  allMax: 'showAllMax',
  rollout: 'showRollout',
} as const satisfies Record<Combination, keyof AttentionStrings>;

const sinkNames = {
  first: 'hideFirst',
  special: 'hideSpecial',
  punctuation: 'hidePunctuation',
} as const satisfies Record<SinkKind, keyof AttentionStrings>;

/** One quiet row: which heads are drawn together, what is left out, words or tokens, and from which weight on. */
export class LensBar {
  /** Stands beside the layer and head selectors. */
  readonly combination: NumberDropdown;
  readonly element = element('div', 'lens');

  constructor(private readonly store: Store) {
    this.combination = new NumberDropdown((index) => {
      const combination = this.offered()[index] ?? 'head';
      store.setLens({ combination });
    });
  }

  draw(): void {
    const { lens, view, snapshot } = this.store;
    const { strings } = snapshot;
    const offered = this.offered();
    this.combination.update(
      strings.show,
      (index) => strings[combinationNames[offered[index] ?? 'head']],
      offered.length,
      Math.max(0, offered.indexOf(lens.combination)),
    );
    const hidden = view ? view.tokens.length - this.keptCount() : 0;
    render(
      html`<div class="tabs" role="group" aria-label=${strings.hide}>
          <span class="lens-label">${strings.hide}</span>
          ${sinkKinds.map((kind) => this.sink(kind))}
        </div>
        ${
          hidden > 0
            ? html`<div class="tabs">
                ${this.toggle(strings.renormalise, lens.renormalise, strings.renormaliseHint, () => {
                  this.store.setLens({ renormalise: !lens.renormalise });
                })}
              </div>`
            : nothing
        }
        <div class="tabs">
          ${this.toggle(strings.words, lens.byWord, strings.wordsHint, () => {
            this.store.setLens({ byWord: !lens.byWord });
          })}
        </div>
        <label class="threshold" title=${strings.thresholdHint}
          >${strings.threshold}
          <input
            type="range"
            min="0"
            max="0.5"
            step="0.01"
            .value=${String(lens.threshold)}
            @input=${(event: Event) => {
              this.store.setLens({ threshold: Number((event.target as HTMLInputElement).value) });
            }}
          /><output>${lens.threshold.toFixed(2)}</output></label
        >
        ${
          lens.combination === 'rollout' && view?.causal
            ? html`<p class="notice">${strings.rolloutCausal}</p>`
            : nothing
        }`,
      this.element,
    );
  }

  /** Rollout names its own end; sets of heads are offered once there is one. */
  private offered(): Combination[] {
    const { chosen, combination } = this.store.lens;
    return combinations.filter(
      (each) => !each.startsWith('chosen') || chosen.length > 1 || each === combination,
    );
  }

  private keptCount(): number {
    return this.store.units.reduce((sum, unit) => sum + unit.count, 0);
  }

  private sink(kind: SinkKind): unknown {
    const { lens, snapshot } = this.store;
    const isHidden = lens.hidden.includes(kind);
    return this.toggle(snapshot.strings[sinkNames[kind]], isHidden, snapshot.strings.hideHint, () => {
      this.store.setLens({
        hidden: isHidden ? lens.hidden.filter((each) => each !== kind) : [...lens.hidden, kind],
      });
    });
  }

  private toggle(label: string, pressed: boolean, hint: string, onPress: () => void): unknown {
    return html`<button type="button" title=${hint} aria-pressed=${String(pressed)} @click=${onPress}>
      ${label}
    </button>`;
  }
}
