import { type TemplateResult, html, nothing } from 'lit';
import { type Study, isLocal } from '../../src/protocol/prompts';
import { button, iconButton } from '../common/controls';
import { fill } from '../common/format';
import { type MenuButton, type MenuItem } from '../common/menu';
import { placeMarks } from './modelPlace';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Which models are asked, what runs, and the verbs for the whole study. */
export function header(store: Store, study: Study, verbs: Verbs, menu: MenuButton): TemplateResult {
  const { strings, progress, canUndo, canRedo } = store.snapshot;
  return html`<div class="model-list" role="group" aria-label=${strings.models}>
      ${study.models.map(
        (model) =>
          html`<span class="model"
            ><strong title=${isLocal(model) ? model.folder : model.id}>${model.id}</strong>
            ${placeMarks(store, model.id)}${
              study.models.length > 1
                ? iconButton('close', fill(strings.removeModel, model.id), () => {
                    verbs.edit({ models: study.models.filter(({ id }) => id !== model.id) });
                  })
                : nothing
            }</span
          >`,
      )}
      ${iconButton('add', strings.addModel, () => {
        verbs.perform('addModel');
      })}
    </div>
    <span class="grow"></span>
    ${
      progress.state === 'idle'
        ? nothing
        : html`<span class="progress" role="status"
              >${fill(strings.progress, progress.done, progress.total)}
              <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="rail" width="100" height="4" />
                <rect class="share" width=${(100 * progress.done) / Math.max(1, progress.total)} height="4" />
              </svg>
              ${
                progress.state === 'paused'
                  ? strings.paused
                  : progress.secondsLeft === null
                    ? nothing
                    : fill(strings.timeLeft, Math.max(1, Math.round(progress.secondsLeft)))
              }</span
            >
            ${iconButton(
              progress.state === 'paused' ? 'debug-continue' : 'debug-pause',
              progress.state === 'paused' ? strings.resume : strings.pause,
              () => {
                verbs.pause(progress.state !== 'paused');
              },
            )}
            ${button(
              strings.stopAll,
              () => {
                verbs.stop();
              },
              true,
            )}`
    }
    ${
      canUndo
        ? iconButton('discard', strings.undo, () => {
            verbs.undo(false);
          })
        : nothing
    }
    ${
      canRedo
        ? iconButton('redo', strings.redo, () => {
            verbs.undo(true);
          })
        : nothing
    }
    ${menu.element}
    ${iconButton(
      'question',
      strings.help,
      () => {
        store.helpOpen = !store.helpOpen;
        store.changed();
      },
      store.helpOpen,
    )}`;
}

/** What can be done with the study as a whole. */
export function studyMenu(store: Store, verbs: Verbs): MenuItem[] {
  const { strings, suite } = store.snapshot;
  const report = (label: string, format: 'md' | 'html', language: 'en' | 'zh'): MenuItem => ({
    label,
    run: () => {
      void verbs.exportReport(format, language);
    },
  });
  const perform = (
    action: 'newStudy' | 'openStudy' | 'saveStudy' | 'openAsText' | 'exportPromptfoo',
  ): MenuItem => ({
    label: strings[action],
    run: () => {
      verbs.perform(action);
    },
  });
  return [
    ...(suite
      ? [perform('openAsText'), perform('exportPromptfoo')]
      : [perform('newStudy'), perform('openStudy'), perform('saveStudy')]),
    report(strings.exportReport, 'md', 'en'),
    report(strings.exportReportHtml, 'html', 'en'),
    report(strings.exportReportZh, 'md', 'zh'),
    report(strings.exportReportHtmlZh, 'html', 'zh'),
  ];
}
