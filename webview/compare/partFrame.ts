import { type TemplateResult, html, nothing } from 'lit';
import { type ComparePart, type CompareValues, type Maybe, isMissing } from '../../src/protocol/compare';
import { progressRing } from '../common/controls';
import { fill, formatMilliseconds } from '../common/format';
import { missingText, partNames } from './names';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** A part where it is shown: waiting, being measured, failed with a way out, or what was found. */
export function partFrame<P extends ComparePart>(
  store: Store,
  verbs: Verbs,
  part: P,
  draw: (value: CompareValues[P]) => TemplateResult,
  /** What is already there while it is measured. */
  meanwhile: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const { strings } = store;
  const state = store.part(part);
  switch (state.state) {
    case 'done':
      return html`<div class="part" data-part=${part} data-state="done">${draw(state.value)}</div>`;
    case 'failed':
      return html`<div class="part" data-part=${part} data-state="failed">
        <p class="failure">
          <span class="codicon codicon-error" aria-hidden="true"></span>
          <span
            >${state.message} ${retry(strings.retry, part, verbs)}
            <button
              type="button"
              class="link"
              @click=${() => {
                verbs.perform('openLog');
              }}
            >
              ${strings.openLog}
            </button></span
          >
        </p>
      </div>`;
    case 'running':
      return html`<div class="part" data-part=${part} data-state="running" aria-busy="true">
        <p class="quiet row">${progressRing(strings.measuring)}${strings[partNames[part]]}…</p>
        ${meanwhile}
      </div>`;
    default:
      return html`<div class="part" data-part=${part} data-state="waiting">
        <p class="quiet row">
          ${
            store.snapshot.busy
              ? html`${strings.waiting}`
              : html`${strings.notMeasured} ${retry(strings.measure, part, verbs)}`
          }
        </p>
      </div>`;
  }
}

/** A value, or why there is none. */
export function maybe<T>(
  store: Store,
  verbs: Verbs,
  value: Maybe<T>,
  about: { readonly model: string; readonly part: ComparePart },
  draw: (value: T) => TemplateResult,
): TemplateResult {
  if (!isMissing(value)) {
    return draw(value);
  }
  return html`<p class="missing" data-missing=${value.missing}>
    <span class="codicon codicon-info" aria-hidden="true"></span>
    <span
      >${missingText(value, about.model, store.strings)}
      ${value.missing === 'failed' ? retry(store.strings.retry, about.part, verbs) : nothing}</span
    >
  </p>`;
}

/** How long a part took, for its heading. */
export function partTime(store: Store, part: ComparePart): TemplateResult | typeof nothing {
  const state = store.part(part);
  return state.state === 'done'
    ? html`<span class="quiet time"
        >${fill(store.strings.tookTime, formatMilliseconds(state.milliseconds))}</span
      >`
    : nothing;
}

function retry(label: string, part: ComparePart, verbs: Verbs): TemplateResult {
  return html`<button
    type="button"
    class="link"
    @click=${() => {
      verbs.run(part);
    }}
  >
    ${label}
  </button>`;
}
