import { type TemplateResult, html, nothing } from 'lit';
import type { LayersAtToken } from '../../src/protocol/attentionPage';
import type { Candidate, LayerPrediction } from '../../src/protocol/language';
import { fill } from '../common/format';
import { readsLayers } from './layerAnswers';
import { percent, writtenText } from './predictedToken';
import type { Store } from './store';

/** The logit lens at the token whose predictions stand above it, behind a button. */
export function layerTable(store: Store, position: number): TemplateResult | typeof nothing {
  const { view, layers, snapshot } = store;
  const { strings } = snapshot;
  if (!view || !readsLayers(view)) {
    return nothing;
  }
  return html`<p>
      <button
        type="button"
        class="link"
        aria-expanded=${String(layers.open)}
        title=${strings.lensHint}
        @click=${() => {
          layers.toggle(view.runId, position);
        }}
      >
        <span class="codicon codicon-chevron-${layers.open ? 'down' : 'right'}" aria-hidden="true"></span
        >${strings.lensOpen}
      </button>
    </p>
    ${layers.open ? content(store) : nothing}`;
}

function content({ layers: { state }, snapshot: { strings } }: Store): TemplateResult | typeof nothing {
  switch (state.kind) {
    case 'none':
      return nothing;
    case 'asked':
      return html`<p class="quiet" role="status">${strings.predicting}</p>`;
    case 'failed':
      return html`<p role="alert">${strings.lensFailed} <code>${state.detail ?? ''}</code></p>`;
    case 'ready':
      return table(state.reading, strings);
  }
}

function table({ layers }: LayersAtToken, strings: Store['snapshot']['strings']): TemplateResult {
  const places = layers[0]?.candidates.map((_, index) => index + 1) ?? [];
  // Behind the last token nothing stands that could have a rank.
  const actual = layers[0]?.actual ?? null;
  const rankHint = actual ? fill(strings.lensRankHint, actual.piece) : '';
  const last = layers.length - 1;
  // The sentence stands outside the table, so that it breaks at the page's width and not at the table's.
  return html`<p class="quiet" id="layers-note">${strings.lensHint} ${rankHint}</p>
    <div class="layers" tabindex="0" role="region" aria-label=${strings.lensOpen}>
      <table aria-label=${strings.lensOpen} aria-describedby="layers-note">
        <thead>
          <tr>
            <th scope="col">${strings.layer}</th>
            ${places.map((place) => html`<th scope="col">${fill(strings.lensPlace, place)}</th>`)}
            <th scope="col" class="number" title=${strings.lensBitsHint}>${strings.lensBits}</th>
            ${actual ? html`<th scope="col" class="number" title=${rankHint}>${strings.lensRank}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${layers.map(
            (each) =>
              html`<tr>
                <th scope="row">${rowName(each.layer, last, strings)}</th>
                ${cells(each, actual?.id)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cells({ candidates, entropyBits, actual }: LayerPrediction, actualId?: number): TemplateResult {
  return html`${candidates.map((each) => candidateCell(each, each.id === actualId))}
    <td class="number">${entropyBits.toFixed(1)}</td>
    ${actual ? html`<td class="number">${actual.rank}</td>` : nothing}`;
}

function candidateCell({ text, piece, probability }: Candidate, isActual: boolean): TemplateResult {
  const written = writtenText(text, piece);
  return html`<td class=${isActual ? 'actual' : ''} title="${written} ${percent(probability)}">
    <bdi>${written}</bdi> <span class="quiet">${percent(probability)}</span>
  </td>`;
}

/** The page counts layers from 0; in front of the first the embedding answers, behind the last the model. */
function rowName(passed: number, last: number, strings: Store['snapshot']['strings']): string {
  return passed === 0 ? strings.lensEmbedding : passed === last ? strings.lensOwn : String(passed - 1);
}
