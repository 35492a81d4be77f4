import { type TemplateResult, html, nothing } from 'lit';
import type { ImageRun, SkippedPicture, TextNotes } from '../../src/protocol/imagePage';
import { button, progressRing } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** What goes on, or why it does not, with one thing to do. */
export function runRow(run: ImageRun, { snapshot }: Store, verbs: Verbs): TemplateResult | typeof nothing {
  const { strings } = snapshot;
  switch (run.state) {
    case 'idle':
      return nothing;
    case 'working':
      return html`<div class="row run">
        ${progressRing(strings.stagePictures)}
        <span role="status">${stageText(run, strings)}</span>
        ${run.stage === 'pictures' && run.total > 0 ? progressBar(run.done / run.total) : nothing}
        ${button(strings.stop, () => verbs.stop(), true)}
      </div>`;
    case 'stopped':
      return html`<div class="row run">
        <span role="status"
          >${run.total > 0 ? fill(strings.stoppedAt, run.done, run.total) : strings.stopped}</span
        >
        ${button(strings.goOn, () => void verbs.perform('retry'), true)}
      </div>`;
    case 'failed':
      return html`<div class="row run failure" role="alert">
        <span class="codicon codicon-error" aria-hidden="true"></span>
        <span class="grow"
          >${run.message}${run.detail === undefined ? nothing : html` <span class="quiet">${run.detail}</span>`}</span
        >
        ${button(strings[run.action], () => void verbs.perform(run.action), true)}
      </div>`;
  }
}

function stageText(
  run: Extract<ImageRun, { state: 'working' }>,
  strings: Store['snapshot']['strings'],
): string {
  switch (run.stage) {
    case 'model':
      return strings.stageModel;
    case 'listing':
      return fill(strings.stageListing, run.done);
    case 'texts':
      return strings.stageTexts;
    case 'pictures': {
      const counted = fill(strings.stagePictures, run.done, run.total);
      if (run.perSecond === null || run.perSecond <= 0) {
        return counted;
      }
      const left = Math.max(1, Math.round((run.total - run.done) / run.perSecond));
      const rate = run.perSecond >= 10 ? Math.round(run.perSecond) : run.perSecond.toFixed(1);
      return `${counted} · ${fill(strings.rate, rate, left)}`;
    }
  }
}

function progressBar(share: number): TemplateResult {
  return html`<svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rail" width="100" height="4" />
    <rect class="fill" width=${100 * Math.min(1, share)} height="4" />
  </svg>`;
}

/** What the model could not make of the texts. */
export function textNotes(notes: TextNotes, { snapshot }: Store): TemplateResult | typeof nothing {
  const { strings, model } = snapshot;
  const words = notes.unknown.slice(0, 12).join(', ') + (notes.unknown.length > 12 ? ' …' : '');
  return notes.unknown.length === 0 && notes.numCut === 0
    ? nothing
    : html`<p class="notice warning">
        <span class="codicon codicon-warning" aria-hidden="true"></span>
        ${notes.unknown.length === 0 ? nothing : fill(strings.unknownWords, model?.id ?? '', words)}
        ${notes.numCut === 0 ? nothing : fill(strings.cutTexts, notes.numCut)}
      </p>`;
}

/** Files that were left out, by name and with the reason. */
export function skippedList(
  skipped: readonly SkippedPicture[],
  count: number,
  { snapshot }: Store,
): TemplateResult | typeof nothing {
  return count === 0
    ? nothing
    : html`<details class="skipped">
        <summary>${fill(snapshot.strings.skippedCount, count)}</summary>
        <ul>
          ${skipped.map(({ path, reason }) => html`<li><bdi>${path}</bdi> <span class="quiet">${reason}</span></li>`)}
          ${count > skipped.length ? html`<li class="quiet">…</li>` : nothing}
        </ul>
      </details>`;
}
