import { type TemplateResult, html, nothing } from 'lit';
import type { EffectAnswer, ScoredCandidate } from '../../src/protocol/effects';
import { fill } from '../common/format';
import type { EffectsStore } from './effectsStore';
import { percent, signed } from './numbers';
import { waiting } from './waiting';

/** The answer as it is and under what is switched off, side by side. */
export function answersView(store: EffectsStore): TemplateResult {
  const { host, switches, before, after } = store;
  const { strings } = host;
  const verb = (label: string, isPossible: boolean, run: () => void): TemplateResult =>
    html`<button type="button" class="button secondary" ?disabled=${!isPossible} @click=${run}>
      ${label}
    </button>`;
  return html`<section class="answers" aria-label=${strings.effectsAnswers}>
    <div class="bar-row">
      <h2>${strings.effectsAnswers}</h2>
      ${verb(strings.effectsUndo, switches.canUndo, () => {
        switches.undo();
      })}
      ${verb(strings.effectsReset, !switches.isEmpty, () => {
        switches.reset();
      })}
    </div>
    <p class="quiet" role="status">
      ${
        switches.isEmpty
          ? strings.effectsNothingOff
          : fill(strings.effectsChanged, switches.heads.length, switches.keys.length)
      }
    </p>
    ${
      after.state.kind === 'failed'
        ? waiting(store, after, () => {
            store.setHow({});
          })
        : nothing
    }
    ${before.value ? table(store, before.value, switches.isEmpty ? null : after.value) : nothing}
  </section>`;
}

/** A row for each token that is likely before or after, or asked about. */
function table(store: EffectsStore, before: EffectAnswer, after: EffectAnswer | null): TemplateResult {
  const { strings } = store.host;
  const all = [before, ...(after ? [after] : [])].flatMap(({ candidates, target, contrast }) => [
    ...candidates,
    target,
    ...(contrast ? [contrast] : []),
  ]);
  const ids = [...new Set(all.map(({ id }) => id))];
  const asked = new Set([before.target.id, before.contrast?.id]);
  const most = Math.max(...all.map(({ probability }) => probability));
  return html`<table class="answer">
    <thead>
      <tr>
        <td></td>
        <th scope="col" colspan="2" class="number">${strings.effectsBefore}</th>
        <th scope="col" colspan="2" class="number">${strings.effectsAfter}</th>
      </tr>
      <tr class="measure">
        <th scope="row">${strings.effectsMeasured}</th>
        <td colspan="2" class="number">${signed(before.measure)}</td>
        <td colspan="2" class="number">${signed((after ?? before).measure)}</td>
      </tr>
    </thead>
    <tbody>
      ${ids.map((id) => {
        const name = all.find((each) => each.id === id) as ScoredCandidate;
        return html`<tr class=${asked.has(id) ? 'asked' : ''}>
          <th scope="row"><bdi>${store.written(name)}</bdi></th>
          ${cells(store, before, id, most)}${cells(store, after ?? before, id, most)}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function cells(
  { host: { strings } }: EffectsStore,
  { candidates, target, contrast }: EffectAnswer,
  id: number,
  most: number,
): TemplateResult {
  const found = [...candidates, target, ...(contrast ? [contrast] : [])].find((each) => each.id === id);
  // What is not among the likeliest of an answer was not told of it.
  return html`<td class="spread">
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class="plain" width=${found ? found.probability / most : 0} height="1"></rect>
      </svg>
    </td>
    <td class="number" title=${found ? fill(strings.effectsRank, found.rank) : nothing}>
      ${found ? percent(found.probability) : '·'}
    </td>`;
}
