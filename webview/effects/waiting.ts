import { type TemplateResult, html, nothing } from 'lit';
import { fill } from '../common/format';
import type { Asked } from './asked';
import type { EffectsStore } from './effectsStore';

/** What is said while something is computed, with a way to stop it, and when it fails. */
export function waiting(
  { host: { strings } }: EffectsStore,
  asked: Asked<unknown>,
  retry: () => void,
): TemplateResult | typeof nothing {
  const { state } = asked;
  if (state.kind === 'asked') {
    const { done, total } = state;
    return html`<p class="waiting" role="status">
      ${strings.effectsMeasuring}
      ${
        total > 1
          ? html`<progress max=${total} value=${done}></progress
              >${fill(strings.effectsProgress, done, total)}`
          : nothing
      }
      <button
        type="button"
        class="link"
        @click=${() => {
          asked.cancel();
        }}
      >
        ${strings.effectsCancel}
      </button>
    </p>`;
  }
  if (state.kind === 'failed') {
    const { code, detail = '' } = state.error;
    const message =
      code === 'lengthsDiffer' ? fill(strings.effectsLengths, detail) : `${strings.effectsFailed} `;
    return html`<p role="alert">
      ${message}${code === 'lengthsDiffer' ? nothing : html`<code>${detail}</code>`}
      <button type="button" class="link" @click=${retry}>${strings.retry}</button>
    </p>`;
  }
  return nothing;
}
