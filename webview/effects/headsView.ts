import { type TemplateResult, html, nothing } from 'lit';
import { type HeadChange, headChanges } from '../../src/protocol/effects';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { Diverging } from '../common/diverging';
import { fill } from '../common/format';
import type { EffectsStore } from './effectsStore';
import { headMap } from './headMap';
import { signed } from './numbers';
import { waiting } from './waiting';

/** What each head causes, and beside it what it says itself. */
export function headsView(store: EffectsStore, scale: Diverging): TemplateResult {
  const { strings } = store.host;
  const base = store.base.value;
  return html`<section class="causes" aria-label=${strings.effectsHeads}>
      <h2>${strings.effectsHeads}</h2>
      ${how(store)} ${ranked(store, scale)}
      <p class="quiet">${meaning(strings, store.change)}</p>
    </section>
    <section class="direct" aria-label=${strings.effectsDirect}>
      <h2>${strings.effectsDirect}</h2>
      ${base && base.direct !== 'yes' ? html`<p class="quiet">${obstacle(strings, base.direct)}</p>` : direct(store, scale)}
    </section>`;
}

function how(store: EffectsStore): TemplateResult {
  const { strings } = store.host;
  const { change, onlyHere, otherText } = store;
  const names: Readonly<Record<HeadChange, string>> = {
    zero: strings.effectsChangeZero,
    mean: strings.effectsChangeMean,
    uniform: strings.effectsChangeUniform,
    otherOutput: strings.effectsChangeOtherOutput,
    otherPattern: strings.effectsChangeOtherPattern,
  };
  const ofRows = (each: HeadChange): boolean => each === 'uniform' || each === 'otherPattern';
  const changesRows = store.base.value?.changesAttention !== false;
  return html`<div class="bar-row">
      <label
        >${strings.effectsChange}
        <select
          aria-label=${strings.effectsChange}
          @change=${(event: Event) => {
            store.setHow({ change: (event.target as HTMLSelectElement).value as HeadChange });
          }}
        >
          ${headChanges.map(
            (each) =>
              html`<option
                value=${each}
                ?disabled=${ofRows(each) && !changesRows}
                .selected=${each === change}
              >
                ${names[each]}
              </option>`,
          )}
        </select></label
      ><label class="check" title=${strings.effectsOnlyHereHint}
        ><input
          type="checkbox"
          .checked=${onlyHere}
          @change=${() => {
            store.setHow({ onlyHere: !onlyHere });
          }}
        />${strings.effectsOnlyHere}</label
      >
    </div>
    ${changesRows ? nothing : html`<p class="quiet">${strings.effectsNoRows}</p>`}
    ${
      change.startsWith('other')
        ? html`<label class="other-text"
            >${strings.effectsOtherText}
            <textarea
              rows="2"
              .value=${otherText}
              @change=${(event: Event) => {
                store.setHow({ otherText: (event.target as HTMLTextAreaElement).value });
              }}
            ></textarea>
          </label>`
        : nothing
    }`;
}

function ranked(store: EffectsStore, scale: Diverging): TemplateResult {
  const { strings } = store.host;
  const { ranked: asked } = store;
  const base = store.base.value;
  const effects = asked.value;
  const measure = (): void => {
    store.measureHeads();
  };
  if (store.needsOther) {
    return html`<p class="quiet">${strings.effectsNeedsOther}</p>`;
  }
  return html`${waiting(store, asked, measure)}
  ${
    asked.state.kind === 'none' && base
      ? html`<p>
          <button type="button" class="button" @click=${measure}>
            ${fill(strings.effectsMeasureAll, base.numLayers * base.numHeads)}
          </button>
        </p>`
      : nothing
  }
  ${
    effects
      ? headMap(store, {
          label: strings.effectsHeads,
          heads: new Float32Array(effects.heads),
          layers: new Float32Array(effects.layers),
          scale,
        })
      : nothing
  }`;
}

function direct(store: EffectsStore, scale: Diverging): TemplateResult {
  const { strings } = store.host;
  const { direct: asked } = store;
  const effects = asked.value;
  const failure = asked.state.kind === 'failed' ? asked.state.error : null;
  if (failure?.detail === 'notLinear') {
    return html`<p class="quiet">${obstacle(strings, 'notLinear')}</p>`;
  }
  const heads = effects ? new Float32Array(effects.heads) : null;
  const sum = heads?.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0) ?? 0;
  return html`${waiting(store, asked, () => {
      store.setTarget({ ...store.target! });
    })}
    ${
      heads && effects
        ? html`${headMap(store, { label: strings.effectsDirect, heads, layers: null, scale })}
            <p>${fill(strings.effectsDirectRest, signed(sum), signed(effects.rest))}</p>`
        : nothing
    }
    <p class="quiet">${strings.effectsMeansDirect}</p>`;
}

function obstacle(
  strings: AttentionStrings,
  reason: 'postNorm' | 'normBehind' | 'notFound' | 'notLinear',
): string {
  return {
    postNorm: strings.effectsDirectPostNorm,
    normBehind: strings.effectsDirectNormBehind,
    notFound: strings.effectsDirectNotFound,
    notLinear: strings.effectsDirectNotLinear,
  }[reason];
}

function meaning(strings: AttentionStrings, change: HeadChange): string {
  return {
    zero: strings.effectsMeansZero,
    mean: strings.effectsMeansMean,
    uniform: strings.effectsMeansUniform,
    otherOutput: strings.effectsMeansOther,
    otherPattern: strings.effectsMeansOther,
  }[change];
}
