import { type TemplateResult, html, nothing } from 'lit';
import type { Token } from '../../src/protocol/model';
import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import { numberSteps } from './numberSteps';
import { numberTarget } from './numberTarget';
import type { TokenPair } from './oneNumber';
import type { Store } from './store';

/** One weight of the head on show, recomputed step by step from the model's own numbers. */
export function numberView(store: Store): TemplateResult {
  const { strings } = store.snapshot;
  const refusal = refusalOf(store);
  if (refusal !== null) {
    return html`<p class="quiet">${refusal}</p>`;
  }
  const target = numberTarget(store);
  if (!target) {
    return html`<p class="quiet">${strings.numberHint}</p>`;
  }
  const isWeights = store.parts.partIn(store).startsWith('weights');
  if (isWeights) {
    void store.number.follow(target, tokensOfRun(store, target));
  }
  return html`<div class="number-view">
    ${choosers(store, target, isWeights)} ${store.parts.element(store, target.query)}
    ${isWeights ? html`<div class="weights-side">${weightsView(store)}</div>` : nothing}
  </div>`;
}

/** Attention itself: from the query and the key to the head's output. */
function weightsView(store: Store): TemplateResult {
  const { strings } = store.snapshot;
  return html`${
    store.lens.byWord || (store.lens.hidden.length > 0 && store.lens.renormalise)
      ? html`<p class="quiet">${strings.numberRawNote}</p>`
      : nothing
  }
  ${content(store)}`;
}

/** Why there is no number to take apart; null when there is one. */
function refusalOf({ view, lens, snapshot }: Store): string | null {
  const { strings } = snapshot;
  if (view?.grid) {
    return strings.numberNeedsText;
  }
  return lens.combination === 'head' ? null : strings.numberNeedsHead;
}

function content(store: Store): TemplateResult {
  const { number, snapshot, view, stack } = store;
  const { strings } = snapshot;
  const { state } = number;
  switch (state.kind) {
    case 'none':
    case 'asked':
      return html`<p class="quiet" role="status">${strings.numberComputing}</p>`;
    case 'failed':
      return html`<p role="alert">
        ${state.hidden ? strings.numberHides : strings.numberFailed} <code>${state.detail ?? ''}</code>
        ${
          state.hidden
            ? nothing
            : html`<button
                type="button"
                class="link"
                @click=${() => {
                  number.retry();
                }}
              >
                ${strings.retry}
              </button>`
        }
      </p>`;
    case 'ready': {
      const { of, weight } = state;
      const tokens = view?.tokens ?? [];
      const keys = tokens.slice(stack?.keys.start, stack?.keys.end);
      const name = (token: Token | undefined): string => (token ? shortText(token, 16) : '');
      const query = tokens[of.query + (stack?.queries.start ?? 0)];
      return html`<h2 title=${fill(strings.numberOf, of.layer, of.head)}>
          ${fill(strings.numberTitle, name(query), name(keys[of.key]), formatWeight(weight.own))}
        </h2>
        ${numberSteps(of, weight, {
          strings,
          keys,
          showCode: (step) => {
            number.showCode(step);
          },
        })}
        <p class="quiet">${strings.numberHint}</p>`;
    }
  }
}

/** Query and key by name, for those who do not point. */
function choosers(store: Store, target: TokenPair, withKey: boolean): TemplateResult {
  const { strings } = store.snapshot;
  const { view, stack } = store;
  const one = (side: 'query' | 'key', label: string): TemplateResult => {
    const span = side === 'query' ? stack?.queries : stack?.keys;
    const tokens = view?.tokens.slice(span?.start, span?.end) ?? [];
    return html`<label
      >${label}
      <select
        aria-label=${label}
        .value=${String(target[side])}
        @change=${(event: Event) => {
          choose(store, side, Number((event.target as HTMLSelectElement).value));
        }}
      >
        ${tokens.map(
          (token, place) =>
            html`<option value=${place} .selected=${place === target[side]}>
              ${place} ${shortText(token, 16)}
            </option>`,
        )}
      </select></label
    >`;
  };
  return html`<div class="number-choosers">
    ${one('query', strings.numberQuery)}${withKey ? one('key', strings.numberKey) : nothing}
  </div>`;
}

/** Keeps what is on show now with another query or key. */
function choose(store: Store, side: keyof TokenPair, place: number): void {
  const target = numberTarget(store);
  if (target) {
    store.number.keep(tokensOfRun(store, { ...target, [side]: place }));
  }
}

/** A pair that is counted from the stack's first tokens, as tokens of the run. */
function tokensOfRun({ stack }: Store, { query, key }: TokenPair): TokenPair {
  return { query: query + (stack?.queries.start ?? 0), key: key + (stack?.keys.start ?? 0) };
}
