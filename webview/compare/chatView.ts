import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { type Chat, type ChatAnswer, type Maybe, isMissing } from '../../src/protocol/compare';
import type { CompareStrings } from '../../src/protocol/compareStrings';
import { button } from '../common/controls';
import { fill } from '../common/format';
import { maybe, partFrame } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

const finishNames: Readonly<Record<string, keyof CompareStrings>> = {
  end: 'finishEnd',
  length: 'finishLength',
  stop: 'finishStop',
  context: 'finishContext',
  cancelled: 'finishCancelled',
};

const kinds = [
  ['base', 'baseModel'],
  ['tuned', 'tunedModel'],
] as const;

/** The same prompt to the base model and to the tuned one. */
export class ChatView {
  /** What is being written into the field; null when it shows the prompt that was asked. */
  private draft: string | null = null;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  draw(): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store;
    const asked = store.value('chat')?.prompt;
    const value = this.draft ?? asked ?? '';
    return html`<p class="quiet note">${strings.chatNote}</p>
      <div class="chat-prompt">
        <textarea
          rows="2"
          dir="auto"
          aria-label=${strings.chatPrompt}
          .value=${live(value)}
          @input=${(event: Event) => {
            this.draft = (event.target as HTMLTextAreaElement).value;
          }}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              verbs.askChat(this.draft ?? value);
            }
          }}
        ></textarea>
        <div class="row">
          ${button(strings.chatAsk, () => {
            verbs.askChat(this.draft ?? value);
          })}
          <span class="quiet">${strings.chatKeys}</span>
        </div>
      </div>
      ${partFrame(store, verbs, 'chat', (chat) => this.answers(chat), this.streams())}`;
  }

  private answers(chat: Chat): TemplateResult {
    const { strings } = this.store;
    return html`<div class="two">
      ${kinds.map(([kind, name]) => this.answer(strings[name], kind, chat[kind]))}
    </div>`;
  }

  private answer(title: string, kind: 'base' | 'tuned', value: Maybe<ChatAnswer>): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store;
    const name = isMissing(value) ? title : value.model;
    return html`<div class="side" data-chat=${kind}>
      <h3>${title}${isMissing(value) ? nothing : html` <span class="quiet">${value.model}</span>`}</h3>
      ${maybe(store, verbs, value, { model: name, part: 'chat' }, (found) => {
        const finish = finishNames[found.finish];
        return html`<pre dir="auto" tabindex="0" role="group" aria-label=${name}>
${found.text.trim() === '' ? strings.nothingWritten : found.text.trim()}</pre>
          <p class="quiet">
            ${fill(strings.answerFigures, found.numTokens, finish ? strings[finish] : found.finish)}
          </p>
          <details>
            <summary>${strings.asSent}</summary>
            <pre dir="auto" tabindex="0" role="group" aria-label=${strings.asSent}>${found.sent}</pre>
          </details>`;
      })}
    </div>`;
  }

  /** What both have written so far. */
  private streams(): TemplateResult {
    const { store } = this;
    return html`<div class="two">
      ${kinds.map(
        ([kind, name]) =>
          html`<div class="side" data-chat=${kind}>
            <h3>${store.strings[name]}</h3>
            <pre dir="auto">${store.streamed(kind) ?? ''}</pre>
          </div>`,
      )}
    </div>`;
  }
}
