import { type TemplateResult, html, nothing } from 'lit';
import type { ModelPlace, Wish } from '../../src/protocol/abilities';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { fill } from '../common/format';
import type { Store } from './store';

/** What a provider may ignore, as a sentence says it. */
const abilityNames = {
  systemRole: 'ignoresSystemRole',
  temperature: 'ignoresTemperature',
  topK: 'ignoresTopK',
  topP: 'ignoresTopP',
  minP: 'ignoresMinP',
  repetitionPenalty: 'ignoresRepetitionPenalty',
  maxNewTokens: 'ignoresMaxNewTokens',
  seed: 'ignoresSeed',
  stop: 'ignoresStop',
  logProbabilities: 'ignoresLogProbabilities',
  labelScores: 'ignoresLabelScores',
} as const satisfies Record<Wish, keyof PromptStrings>;

export function placeOf(store: Store, model: string): ModelPlace | undefined {
  return store.snapshot.places.find((place) => place.model === model);
}

/** Where the texts of a model go, and what of the study is ignored there; shown wherever a model has a column. */
export function placeMarks(store: Store, model: string): TemplateResult | typeof nothing {
  const place = placeOf(store, model);
  if (!place) {
    return nothing;
  }
  const { strings } = store.snapshot;
  if (place.problem !== undefined) {
    return html`<span class="place wrong" title=${place.problem} role="img" aria-label=${place.problem}
      ><span class="codicon codicon-error" aria-hidden="true"></span
    ></span>`;
  }
  const where = placeText(store, model);
  const ignored = ignoredText(store, model);
  return html`<span class="place quiet" title=${where}
      ><span
        class=${`codicon codicon-${place.host === null ? 'device-desktop' : 'cloud-upload'}`}
        aria-hidden="true"
      ></span>
      <bdi>${place.host ?? strings.thisComputer}</bdi></span
    >${
      ignored === ''
        ? nothing
        : html`<span class="place ignored" title=${ignored} role="img" aria-label=${ignored}
            ><span class="codicon codicon-warning" aria-hidden="true"></span>${place.ignored.length}</span
          >`
    }`;
}

/** The same beside each answer, where it goes without saying that a text stays here. */
export function awayMarks(store: Store, model: string): TemplateResult | typeof nothing {
  const place = placeOf(store, model);
  return place?.host === null && place.problem === undefined ? nothing : placeMarks(store, model);
}

/** Where the texts go, in words. */
export function placeText(store: Store, model: string): string {
  const place = placeOf(store, model);
  const { strings } = store.snapshot;
  return place?.problem ?? (place?.host ? fill(strings.sentTo, place.host) : strings.staysHere);
}

/** What of the study's settings is ignored, in words; empty where nothing is. */
export function ignoredText(store: Store, model: string): string {
  const place = placeOf(store, model);
  const { strings } = store.snapshot;
  if (!place || place.ignored.length === 0) {
    return '';
  }
  const names = place.ignored.map((ability) => strings[abilityNames[ability]]).join(strings.listSeparator);
  return fill(strings.ignored, model, names);
}

/** A price with as many digits as it takes to see it. */
export function formatPrice(price: number, currency: string): string {
  const digits = price === 0 ? 0 : Math.max(2, 2 - Math.floor(Math.log10(price)));
  return `${price.toFixed(Math.min(8, digits))} ${currency}`;
}
