import { type TemplateResult, html } from 'lit';
import { shortText } from '../common/tokenText';
import type { ComparedRun } from './comparedRun';
import { signed } from './readout';
import type { Store } from './store';

const count = 10;

/** Where the run on show and the one beside it differ most, as text. */
export function differenceList(store: Store, compared: ComparedRun): TemplateResult {
  const { strings } = store.snapshot;
  const name = (unit: number): string => {
    const found = store.units[unit];
    return found ? shortText(found, 16) : '';
  };
  return html`<h2 title=${strings.differencesHint}>${strings.differencesTitle}</h2>
    <ol>
      ${compared.differences(count).map(
        ({ query, key, weight, other }) =>
          html`<li>
            <button
              type="button"
              @click=${() => {
                store.togglePin(query);
              }}
            >
              <span class="pair"><bdi>${name(query)}</bdi> → <bdi>${name(key)}</bdi></span
              ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width=${Math.min(1, Math.abs(weight - other))} height="1"></rect></svg
              ><span class="number">${signed(weight - other)}</span>
            </button>
          </li>`,
      )}
    </ol>`;
}
