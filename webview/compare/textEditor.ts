import { type TemplateResult, html } from 'lit';
import { button } from '../common/controls';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Lets the compared text be changed in place: Ctrl+Enter compares, Escape leaves it as it was. */
export function textEditor(store: Store, text: string, verbs: Verbs): TemplateResult {
  const { strings } = store;
  const close = (): void => {
    store.editing = false;
    store.changed();
    document.querySelector<HTMLElement>('.header [aria-expanded]')?.focus();
  };
  const submit = (): void => {
    const written = document.querySelector<HTMLTextAreaElement>('.text-editor textarea')?.value ?? '';
    if (written.trim() !== '') {
      close();
      void verbs.compareText(written);
    }
  };
  return html`<div
    class="text-editor"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        close();
        event.preventDefault();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        submit();
        event.preventDefault();
      }
    }}
  >
    <textarea
      rows="4"
      dir="auto"
      spellcheck="false"
      aria-label=${strings.editText}
      .defaultValue=${text}
    ></textarea>
    <div class="row">
      ${button(strings.compare, submit)}${button(strings.cancel, close, true)}
      <span class="quiet">${strings.editKeys}</span>
    </div>
  </div>`;
}
