import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { button } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Goes back to the weights of an earlier step: when did a head begin to look where it looks now? */
export function timeRow(store: Store, verbs: Verbs): TemplateResult {
  const { shown, progress, then, failure } = store;
  const { strings } = shown;
  const { snapshots } = progress;
  // The last place of the slider is the newest step, whether or not its weights are kept.
  const places = snapshots.filter((step) => step < progress.step);
  const at = then ? Math.max(0, places.indexOf(then.step)) : places.length;
  const text = then ? fill(strings.timeThen, then.step) : fill(strings.timeNow, progress.step);
  return html`<div class="row time">
    <label class="slider"
      ><span>${strings.time}</span>
      <input
        type="range"
        min="0"
        max=${places.length}
        step="1"
        aria-valuetext=${text}
        ?disabled=${places.length === 0 || failure !== null}
        .value=${live(String(at))}
        @input=${(event: Event) => {
          const step = places[Number((event.target as HTMLInputElement).value)];
          if (step === undefined) {
            verbs.now();
          } else {
            void verbs.lookAt(step);
          }
        }}
    /></label>
    <span class="figures">${text}</span>
    ${then ? button(strings.backToNow, () => verbs.now(), true) : nothing}
  </div>`;
}
