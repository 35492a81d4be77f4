import { type TemplateResult, html, nothing } from 'lit';
import type { TokenPrediction } from '../../src/protocol/language';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import { layerTable } from './layerTable';
import { percent, writtenText } from './predictedToken';
import type { Predictions } from './predictions';
import type { Store } from './store';

/** What the model would write at a token, with the probability of what stands there. */
export function predictionList(store: Store): TemplateResult {
  const { view, snapshot, predictions, units } = store;
  const pinned = store.pinned[0] ?? null;
  const { strings } = snapshot;
  const { state } = predictions;
  const causal = view?.causal === true;
  const here =
    state.kind === 'ready' ? state.prediction.position : state.kind === 'none' ? null : state.position;
  const elsewhere = pinned !== null && units[pinned]?.index !== here;
  return html`${
    here === null
      ? html`<p class="quiet">${causal ? strings.predictHintCausal : strings.predictHintMasked}</p>`
      : nothing
  }
  ${
    elsewhere
      ? html`<p>
          <button
            type="button"
            class="link"
            @click=${() => {
              store.predict(pinned);
            }}
          >
            ${fill(causal ? strings.predictAfter : strings.predictInPlace, name(store, units[pinned]?.index ?? 0))}
          </button>
        </p>`
      : nothing
  }
  ${state.kind === 'asked' ? html`<p class="quiet" role="status">${strings.predicting}</p>` : nothing}
  ${
    state.kind === 'failed'
      ? html`<p role="alert">${strings.predictionFailed} <code>${state.detail ?? ''}</code></p>`
      : nothing
  }
  ${state.kind === 'ready' ? ready(store, state.prediction) : nothing}
  ${causal && state.kind === 'ready' ? sampling(store) : nothing}
  ${state.kind === 'ready' ? layerTable(store, state.prediction.position) : nothing}`;
}

function ready(store: Store, prediction: TokenPrediction): TemplateResult {
  const { strings } = store.snapshot;
  const { candidates, actual, position, head } = prediction;
  const most = candidates[0]?.probability ?? 1;
  const drawnDiffers = candidates.some((each) => Math.abs(each.drawn - each.probability) > 1e-6);
  return html`<h3>
      ${fill(head === 'masked' ? strings.expectedInPlace : strings.expectedAfter, name(store, position))}
    </h3>
    <ol class="predictions">
      ${candidates.map(
        (candidate) =>
          html`<li class=${candidate.id === actual?.id ? 'actual' : ''}>
            <span class="pair"><bdi>${writtenText(candidate.text, candidate.piece)}</bdi></span
            ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width=${candidate.probability / most} height="1"></rect></svg
            ><span class="number">${percent(candidate.probability)}</span>${
              drawnDiffers ? html`<span class="number quiet">${percent(candidate.drawn)}</span>` : nothing
            }
          </li>`,
      )}
    </ol>
    <p class="quiet" title=${strings.fullVocabularyHint}>
      ${
        actual
          ? fill(strings.actualToken, actual.piece, percent(actual.probability), actual.rank)
          : strings.textEndsHere
      }
      ${drawnDiffers ? strings.drawnColumn : nothing}
    </p>`;
}

function sampling({ predictions, snapshot }: Store): TemplateResult {
  const { strings } = snapshot;
  const { temperature, topK, topP } = predictions.sampling;
  const field = (
    label: string,
    value: number,
    [min, max, step]: readonly [number, number, number],
    change: (value: number) => Partial<Predictions['sampling']>,
  ): TemplateResult =>
    html`<label
      >${label}
      <input
        type="number"
        min=${min}
        max=${max}
        step=${step}
        .value=${String(value)}
        @change=${(event: Event) => {
          const entered = (event.target as HTMLInputElement).valueAsNumber;
          if (!Number.isNaN(entered)) {
            predictions.setSampling(change(Math.max(min, Math.min(max, entered))));
          }
        }}
    /></label>`;
  return html`<p class="sampling">
    ${field(strings.temperature, temperature, [0.1, 5, 0.1], (value) => ({ temperature: value }))}
    ${field('top-k', topK, [0, 1000, 1], (value) => ({ topK: Math.round(value) }))}
    ${field('top-p', topP, [0.05, 1, 0.05], (value) => ({ topP: value }))}
  </p>`;
}

function name(store: Store, token: number): string {
  const found = store.view?.tokens[token];
  return found ? visibleText(found) : '';
}
