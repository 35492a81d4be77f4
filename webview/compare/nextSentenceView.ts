import { type TemplateResult, html } from 'lit';
import type { Maybe, NextSentenceExample } from '../../src/protocol/compare';
import { isMissing } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { barPicture } from '../common/bars';
import { formatPercent } from './names';
import { maybe } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Next-sentence prediction on the text's own sentences, swapped, and with one that belongs elsewhere. */
export function nextSentenceView(
  store: Store,
  verbs: Verbs,
  value: Maybe<NextSentenceExample>,
): TemplateResult {
  const { strings } = store;
  const name = isMissing(value) ? store.nameOf('left') : value.model;
  return maybe(store, verbs, value, { model: name, part: 'pretraining' }, (found) => {
    const rows = [
      [strings.pairAsIs, found.first, found.second, found.probability],
      [strings.pairSwapped, found.second, found.first, found.swapped],
      [strings.pairUnrelated, found.first, found.unrelated.text, found.unrelated.probability],
    ] as const;
    return html`<p class="quiet">${fill(strings.nextSentenceBy, found.model)}</p>
      <ul class="pairs left">
        ${rows.map(
          ([title, first, second, probability]) =>
            html`<li>
              <strong>${title}</strong>
              <span class="measure"
                >${barPicture(probability)}<span>${formatPercent(probability)}</span></span
              >
              <span class="quiet" dir="auto">${fill(strings.follows, first, second)}</span>
            </li>`,
        )}
      </ul>
      <p class="quiet note">${strings.nextSentenceNote}</p>`;
  });
}
