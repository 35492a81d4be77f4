import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { stepsPerStart, trainSpeeds } from '../../src/protocol/trainPage';
import { button } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import { percent } from './texts';
import type { Verbs } from './verbs';

/** From so many steps on a run that is no better than guessing gets advice. */
const patience = 150;
/** Right on held-out questions: learnt. */
export const learntShare = 0.99;

/** Start, pause, step, and how it stands. */
export function runRow(store: Store, verbs: Verbs): TemplateResult {
  const { strings, speed } = store.shown;
  const { state, step } = store.progress;
  return html`<div class="row run">
      ${
        state === 'running'
          ? button(strings.pause, () => verbs.do('pause'))
          : store.failure !== null || state === 'diverged'
            ? nothing
            : button(step === 0 ? strings.start : strings.goOn, () => verbs.do('start'))
      }
      ${
        state === 'paused' && store.failure === null
          ? button(strings.step, () => verbs.do('step'), true)
          : nothing
      }
      ${button(strings.reset, () => verbs.do('reset'), true)}
      <label class="speed"
        ><span class="visually-hidden">${strings.speed}</span>
        <select
          title=${strings.speed}
          .value=${live(String(trainSpeeds.indexOf(speed)))}
          @change=${(event: Event) => {
            verbs.speed(trainSpeeds[Number((event.target as HTMLSelectElement).value)] ?? null);
          }}
        >
          ${trainSpeeds.map(
            (each, index) =>
              html`<option value=${String(index)} ?selected=${each === speed}>
                ${each === null ? strings.speedFull : each === 1 ? strings.speedSlowest : fill(strings.speedSlow, each)}
              </option>`,
          )}
        </select></label
      >
      <span class="figures">${status(store)}</span>
    </div>
    ${advice(store, verbs)}`;
}

function status({ shown, progress, losses, heldOut }: Store): string {
  const { strings } = shown;
  const parts = [fill(strings.statusStep, progress.step)];
  const loss = losses.at(-1);
  if (loss !== undefined) {
    parts.push(fill(strings.statusLoss, loss.toFixed(3)));
  }
  const test = heldOut.at(-1);
  if (test) {
    parts.push(fill(strings.statusAccuracy, percent(test.accuracy)));
  }
  if (progress.state === 'running') {
    parts.push(fill(strings.statusSpeed, Math.round(progress.stepsPerSecond)));
  }
  return parts.join(' · ');
}

/** What there is to be said of the run: one sentence, and what can be done. */
function advice(store: Store, verbs: Verbs): TemplateResult {
  const { shown, progress, heldOut, failure } = store;
  const { strings, facts, lostAt } = shown;
  const { state, step } = progress;
  if (failure !== null) {
    return html`<p class="notice failure" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span> ${strings.died}
      <span class="quiet">${failure}</span>
    </p>`;
  }
  if (state === 'diverged') {
    return html`<p class="notice warning" role="alert">
      <span class="codicon codicon-warning" aria-hidden="true"></span> ${fill(strings.diverged, step)}
    </p>`;
  }
  if (lostAt !== null && step === 0) {
    return html`<p class="notice" role="status">
      <span class="codicon codicon-info" aria-hidden="true"></span> ${fill(strings.lost, lostAt)}
      ${button(fill(strings.repeat, lostAt), () => verbs.do('repeat'), true)}
    </p>`;
  }
  const learnt = heldOut.find(({ accuracy }) => accuracy >= learntShare);
  const last = heldOut.at(-1)?.accuracy ?? 0;
  const texts = [
    step === 0 ? strings.notBegun : '',
    learnt ? fill(strings.learnt, learnt.step) : '',
    !learnt && step >= patience && last < facts.chanceAccuracy + 0.3 ? fill(strings.stuck, step) : '',
    state === 'paused' && step > 0 && step % stepsPerStart === 0 ? fill(strings.pausedAlone, step) : '',
  ].filter((text) => text !== '');
  return html`<p class="notice quiet-line" role="status">${texts.join(' ')}</p>`;
}
