import { type TemplateResult, html } from 'lit';
import { button } from '../common/controls';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** What is shown before there is a text. */
export function emptyView({ strings }: Store, verbs: Verbs): TemplateResult {
  return html`<div class="message empty">
    <h2>${strings.emptyTitle}</h2>
    <p>${strings.emptyHint}</p>
    <div class="row">
      ${button(strings.useSelection, () => {
        verbs.perform('useSelection');
      })}
      ${button(
        strings.openSample,
        () => {
          verbs.perform('openSample');
        },
        true,
      )}
    </div>
  </div>`;
}
