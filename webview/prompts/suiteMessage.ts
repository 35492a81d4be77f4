import { type TemplateResult, html } from 'lit';
import type { SuiteOnPage } from '../../src/protocol/promptPage';
import { button } from '../common/controls';
import { fill } from '../common/format';
import { kindNames } from './names';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** What stands in place of a grid while the file has none: it is empty, or it cannot be read. */
export function suiteMessage(store: Store, verbs: Verbs, suite: SuiteOnPage): TemplateResult {
  const { strings } = store.snapshot;
  const asText = button(
    strings.openAsText,
    () => {
      verbs.perform('openAsText');
    },
    true,
  );
  if (suite.problems.length === 0) {
    return html`<div class="message empty">
      <h2>${strings.emptySuiteTitle}</h2>
      <p>${strings.emptySuiteHint}</p>
      <div class="row">
        ${button(strings.beginSuite, () => {
          verbs.perform('beginSuite');
        })}
        ${asText}
      </div>
      ${taskList(store, verbs)}
    </div>`;
  }
  return html`<div class="message empty" role="alert">
    <h2>${strings.brokenSuiteTitle}</h2>
    <ul class="problem-list">
      ${suite.problems.map(
        ({ message, line }) =>
          html`<li>
            <button
              type="button"
              class="link"
              @click=${() => {
                verbs.openLine(line);
              }}
            >
              ${fill(strings.problemLine, line)}
            </button>
            <span>${message}</span>
          </li>`,
      )}
    </ul>
    <p class="quiet">${strings.brokenSuiteHint}</p>
    <div class="row">${asText}</div>
  </div>`;
}

/** The tasks that come with the extension, to begin with. */
export function taskList(store: Store, verbs: Verbs): TemplateResult {
  const { strings, tasks } = store.snapshot;
  return html`<div class="task-list">
    ${tasks.map(
      ({ id, title, kind, numItems }) =>
        html`<button
          type="button"
          @click=${() => {
            verbs.openTask(id);
          }}
        >
          <strong>${title}</strong>
          <span class="quiet">${strings[kindNames[kind]]} · ${fill(strings.taskItems, numItems)}</span>
        </button>`,
    )}
  </div>`;
}
