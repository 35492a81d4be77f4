import { html, nothing, render } from 'lit';
import { button } from '../common/controls';
import { element } from '../common/element';
import type { Store } from './store';

/** Lets the analysed text be changed in place: Ctrl+Enter looks again, Escape leaves it as it was. */
export class TextEditor {
  readonly element = element('div', 'text-editor');
  private isOpen = false;

  constructor(
    private readonly store: Store,
    private readonly analyse: (text: string) => void,
    private readonly redraw: () => void,
  ) {
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.toggle();
        event.preventDefault();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        this.submit();
        event.preventDefault();
      }
    });
  }

  get open(): boolean {
    return this.isOpen;
  }

  toggle(): void {
    this.isOpen = !this.isOpen;
    this.redraw();
    if (this.isOpen) {
      this.area()?.focus();
    }
  }

  draw(): void {
    const { view, snapshot } = this.store;
    const { strings } = snapshot;
    this.element.hidden = !this.isOpen || view === null;
    render(
      this.isOpen && view
        ? html`<textarea
              rows="3"
              dir="auto"
              spellcheck="false"
              aria-label=${strings.editText}
              .defaultValue=${view.text}
            ></textarea>
            <div class="bar">
              ${button(strings.analyse, () => {
                this.submit();
              })}
              ${button(
                strings.cancel,
                () => {
                  this.toggle();
                },
                true,
              )}<span class="quiet">${strings.editKeys}</span>
            </div>`
        : nothing,
      this.element,
    );
  }

  private submit(): void {
    const text = this.area()?.value ?? '';
    if (text.trim() !== '') {
      this.analyse(text);
    }
  }

  private area(): HTMLTextAreaElement | null {
    return this.element.querySelector('textarea');
  }
}
