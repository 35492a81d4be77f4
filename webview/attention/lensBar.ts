import { html, nothing, render } from 'lit';
import { NumberDropdown } from '../common/controls';
import { element } from '../common/element';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { maxFlowTokens } from '../../src/attention/flow';
import { type StackName, stackNames } from '../../src/protocol/seq2seq';
import { fill } from '../common/format';
import type { PinMode } from './headMatrix';
import { type Combination, type SinkKind, combinations, directions, sinkKinds } from './lens';
import { directionName, stackNameOf } from './stackNames';
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
  flow: 'showFlow',
} as const satisfies Record<Combination, keyof AttentionStrings>;

const stackHints = {
  encoder: 'stackEncoderHint',
  decoder: 'stackDecoderHint',
  cross: 'stackCrossHint',
} as const satisfies Record<StackName, keyof AttentionStrings>;

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
    const isFlow = lens.combination === 'rollout' || lens.combination === 'flow';
    const hidden = view ? view.tokens.length - this.keptCount() : 0;
    render(
      html`${this.stacks()}${this.directions()}${this.pins()}
        <div class="tabs" role="group" aria-label=${strings.hide}>
          <span class="lens-label">${strings.hide}</span>
          ${sinkKinds.filter((kind) => kind === 'special' || !view?.grid).map((kind) => this.sink(kind))}
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
        ${
          view?.grid
            ? nothing
            : html`<div class="tabs">
                ${this.toggle(strings.words, lens.byWord, strings.wordsHint, () => {
                  this.store.setLens({ byWord: !lens.byWord });
                })}
              </div>`
        }
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
          isFlow && this.store.stack?.causal ? html`<p class="notice">${strings.rolloutCausal}</p>` : nothing
        }${lens.combination === 'flow' ? html`<p class="notice">${strings.flowHint}</p>` : nothing}`,
      this.element,
    );
  }

  /** Sets of heads are offered once there is one; rollout and flow where tokens look at their own kind. */
  private offered(): Combination[] {
    const { lens, stack } = this.store;
    const { chosen, combination } = lens;
    const numTokens = stack ? stack.queries.end - stack.queries.start : 0;
    return combinations.filter((each) => {
      switch (each) {
        case 'chosenMean':
        case 'chosenMax':
          return chosen.length > 1 || each === combination;
        case 'rollout':
          return stack?.name !== 'cross';
        case 'flow':
          return stack?.name !== 'cross' && numTokens <= maxFlowTokens;
        default:
          return true;
      }
    });
  }

  /** Which attention of an encoder-decoder. */
  private stacks(): unknown {
    const { lens, stacks, snapshot } = this.store;
    const { strings } = snapshot;
    return stacks.length < 2
      ? nothing
      : html`<div class="tabs" role="group" aria-label=${strings.stack}>
          ${stackNames.map((name) =>
            this.toggle(strings[stackNameOf[name]], lens.stack === name, strings[stackHints[name]], () => {
              this.store.setLens({ stack: name });
            }),
          )}
        </div>`;
  }

  /** From which text of a pair to which. */
  private directions(): unknown {
    const { lens, view, stacks, snapshot } = this.store;
    const { strings } = snapshot;
    return view?.secondFrom === undefined || stacks.length > 1
      ? nothing
      : html`<div class="tabs" role="group" aria-label=${strings.direction}>
          ${directions.map((each) =>
            this.toggle(
              each === 'all' ? strings.directionAll : directionName(each),
              lens.direction === each,
              strings.directionHint,
              () => {
                this.store.setLens({ direction: each });
              },
            ),
          )}
        </div>`;
  }

  /** How several pinned tokens are joined. */
  private pins(): unknown {
    const { lens, pinned, snapshot } = this.store;
    const { strings } = snapshot;
    const one = (mode: PinMode, label: string): unknown =>
      this.toggle(label, lens.pins === mode, strings.pinsHint, () => {
        this.store.setLens({ pins: mode });
      });
    return pinned.length < 2
      ? nothing
      : html`<div class="tabs" role="group" aria-label=${strings.pinsLabel}>
          <span class="lens-label">${fill(strings.pinsCount, pinned.length)}</span>
          ${one('mean', strings.pinsMean)}${one('sum', strings.pinsSum)}
        </div>`;
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
