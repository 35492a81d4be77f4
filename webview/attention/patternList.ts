import { type TemplateResult, html, nothing } from 'lit';
import {
  type PatternKind,
  labelThresholds,
  patternKinds,
  picturePatternKinds,
} from '../../src/attention/headLabels';
import { fill } from '../common/format';
import { patternMeaning, patternName } from './patternNames';
import type { Store } from './store';
import type { Survey } from './survey';

/** How many heads are named for each pattern. */
const best = 3;

/** Every pattern with the heads that show it most: a click on the pattern sorts, on a head opens it. */
export function patternList(store: Store): TemplateResult {
  const { survey, snapshot } = store;
  if (!survey) {
    return html`<p class="quiet">${snapshot.strings.measuring}</p>`;
  }
  const isPicture = store.view?.grid !== undefined;
  const kinds = isPicture ? picturePatternKinds : patternKinds.filter((kind) => kind !== 'near');
  return html`<ul class="patterns">
      ${kinds.map((kind) => row(store, survey, kind))}
    </ul>
    ${snapshot.standalone || store.stack?.name !== 'only' || isPicture ? nothing : inductionTest(store)}`;
}

function row(store: Store, measured: Survey, kind: PatternKind): TemplateResult {
  const { strings } = store.snapshot;
  const tested = kind === 'induction' && typeof store.induction === 'object';
  const survey = tested ? (store.induction as Survey) : measured;
  const heads = survey
    .ranking(kind)
    .slice(0, best)
    .filter((index) => survey.score(index, kind) > 0);
  const name = patternName(kind, strings);
  const meaning = patternMeaning(kind, strings, labelThresholds[kind]);
  return html`<li>
    <button
      type="button"
      class="kind"
      title=${meaning}
      aria-pressed=${String(store.order === kind)}
      @click=${() => {
        store.setOrder(store.order === kind ? null : kind);
      }}
    >
      ${tested ? fill(strings.onRandomTokens, name) : name}
    </button>
    ${heads.length === 0 ? html`<span class="quiet">–</span>` : nothing}
    ${heads.map((index) => head(store, survey, kind, index))}
  </li>`;
}

function head(store: Store, survey: Survey, kind: PatternKind, index: number): TemplateResult {
  const { strings } = store.snapshot;
  const numHeads = store.stack?.numHeads ?? 1;
  const [layer, number] = [Math.floor(index / numHeads), index % numHeads];
  const score = survey.score(index, kind);
  const label = `${fill(strings.layerHead, layer, number)}: ${score.toFixed(2)}`;
  const strong = score >= labelThresholds[kind];
  return html`<button
    type="button"
    class=${strong ? 'chip-head strong' : 'chip-head'}
    title=${kind === 'offset' ? `${label} (${survey.heads[index]?.offset ?? 0})` : label}
    @click=${() => {
      store.setLens({ combination: 'head', chosen: [] });
      store.choose(layer, number);
    }}
  >
    ${layer}.${number} <span class="number">${shortScore(score)}</span>
  </button>`;
}

/** Two decimals without the zero that all have in front. */
function shortScore(score: number): string {
  return score.toFixed(2).replace(/^0/, '');
}

function inductionTest(store: Store): TemplateResult {
  const { strings } = store.snapshot;
  return html`<p class="induction">
    <button
      type="button"
      class="link"
      title=${strings.testInductionHint}
      ?disabled=${store.induction === 'running'}
      @click=${() => {
        void store.testInduction();
      }}
    >
      ${store.induction === 'running' ? strings.testingInduction : strings.testInduction}
    </button>
    ${store.induction === 'failed' ? html`<span role="alert">${strings.inductionFailed}</span>` : nothing}
  </p>`;
}
