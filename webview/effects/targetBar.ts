import { type TemplateResult, html, nothing } from 'lit';
import type { EffectTarget } from '../../src/protocol/effects';
import { fill } from '../common/format';
import { shortText } from '../common/tokenText';
import type { EffectsStore } from './effectsStore';
import { signed } from './numbers';

/** Which prediction, which answer, against which: one row and the measure in words. */
export function targetBar(store: EffectsStore): TemplateResult {
  const { host, base, target, notOneToken } = store;
  const { strings, view } = host;
  const answer = base.value;
  const measure = store.before.value?.measure;
  const [name, rival] = store.targetNames;
  return html`<div class="bar-row">
      <label
        >${answer?.head === 'causal' || view.causal ? strings.effectsPlaceCausal : strings.effectsPlaceMasked}
        <select
          aria-label=${answer?.head === 'causal' || view.causal ? strings.effectsPlaceCausal : strings.effectsPlaceMasked}
          @change=${(event: Event) => {
            store.lookAt(Number((event.target as HTMLSelectElement).value));
          }}
        >
          ${view.tokens.map(
            (token, place) =>
              html`<option value=${place} .selected=${place === store.position}>
                ${place} ${shortText(token, 16)}
              </option>`,
          )}
        </select></label
      >
      ${answer && target ? html`${chooser(store, 'targetId')}${chooser(store, 'contrastId')}` : nothing}
    </div>
    ${
      notOneToken === null
        ? nothing
        : html`<p role="alert">${fill(strings.effectsNotOneToken, notOneToken)}</p>`
    }
    ${
      measure === undefined || !target
        ? nothing
        : html`<p class="measure">
            ${
              rival
                ? fill(strings.effectsMeasureContrast, name ?? '', rival, signed(measure))
                : fill(strings.effectsMeasureMean, name ?? '', signed(measure))
            }
          </p>`
    }
    ${answer?.rounds ? html`<p class="quiet">${strings.effectsRounds}</p>` : nothing}`;
}

/** The answer or its rival: one of the likeliest, what stands in the text, or a token that is typed. */
function chooser(store: EffectsStore, side: keyof EffectTarget): TemplateResult {
  const { strings } = store.host;
  const base = store.base.value;
  const target = store.target as EffectTarget;
  const label = side === 'targetId' ? strings.effectsTarget : strings.effectsContrast;
  const likely = [...(base?.actual ? [base.actual.id] : []), ...(base?.candidates ?? []).map(({ id }) => id)];
  const chosen = target[side];
  const ids = [...new Set([...(chosen === undefined ? [] : [chosen]), ...likely])];
  const pick = (value: string): void => {
    if (value === 'none') {
      store.setTarget({ targetId: target.targetId });
    } else {
      store.setTarget({ ...target, [side]: Number(value) });
    }
  };
  return html`<span class="chooser"
    ><label
      >${label}
      <select
        aria-label=${label}
        @change=${(event: Event) => {
          pick((event.target as HTMLSelectElement).value);
        }}
      >
        ${
          side === 'contrastId'
            ? html`<option value="none" .selected=${chosen === undefined}>
                ${strings.effectsNoContrast}
              </option>`
            : nothing
        }
        ${ids.map((id) => html`<option value=${id} .selected=${id === chosen}>${store.nameOf(id)}</option>`)}
      </select></label
    ><input
      class="token-input"
      type="text"
      maxlength="40"
      placeholder=${strings.effectsOther}
      title=${strings.effectsTokenInput}
      aria-label=${`${label}: ${strings.effectsTokenInput}`}
      @change=${(event: Event) => {
        const field = event.target as HTMLInputElement;
        if (field.value.trim() !== '') {
          void store.typed(field.value, side);
          field.value = '';
        }
      }}
  /></span>`;
}
