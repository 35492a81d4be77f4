import { type TemplateResult, html, nothing } from 'lit';
import type { AttentionState, PageAction, Comparison } from '../../src/protocol/attentionPage';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { button, progressRing } from '../common/controls';

/** What a message's buttons do. */
export interface MessageVerbs {
  perform(action: PageAction): void;
  cancel(): void;
  analyse(text: string, second: string): void;
  compare(comparison: Comparison): void;
}

/** What the page says when it is not simply showing a picture. */
export function message(
  state: Exclude<AttentionState, { kind: 'ready' }>,
  strings: AttentionStrings,
  verbs: MessageVerbs,
): TemplateResult {
  switch (state.kind) {
    case 'empty':
      return html`<div class="message empty">
        <h2>${strings.emptyTitle}</h2>
        <p>${strings.emptyHint}</p>
        ${actionButton('openSample', strings, verbs)}
      </div>`;
    case 'busy': {
      const phase = {
        starting: strings.phaseStarting,
        loading: strings.phaseLoading,
        running: strings.phaseRunning,
      }[state.phase];
      return html`<div class="message busy">
        ${progressRing(phase)}<span role="status">${phase}</span>
        ${button(
          strings.cancel,
          () => {
            verbs.cancel();
          },
          true,
        )}
      </div>`;
    }
    case 'failed':
      return html`<div class="message failed">
        <p role="alert"><span class="codicon codicon-error" aria-hidden="true"></span>${state.message}</p>
        ${state.detail === undefined ? nothing : html`<pre tabindex="0" role="group" aria-label=${state.message}>${state.detail}</pre>`}
        ${actionButton(state.action, strings, verbs)}
      </div>`;
  }
}

function actionButton(action: PageAction, strings: AttentionStrings, verbs: MessageVerbs): TemplateResult {
  return button(strings[action], () => {
    verbs.perform(action);
  });
}
