import { html, nothing, render } from 'lit';
import { button } from '../common/controls';
import { element } from '../common/element';
import type { Store } from './store';

/** What becomes of the text. */
export type Purpose = 'analyse' | 'compare';

/** Lets the analysed text be changed in place: Ctrl+Enter looks again, Escape leaves it as it was. */
export class TextEditor {
  readonly element = element('div', 'text-editor');
  private isOpen = false;
  private purpose: Purpose = 'analyse';
  /** What had the focus when it was opened. */
  private opener: HTMLElement | null = null;

  constructor(
    private readonly store: Store,
    private readonly submitted: (text: string, second: string, purpose: Purpose) => void,
    private readonly redraw: () => void,
  ) {
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.toggle(this.purpose);
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

  toggle(purpose: Purpose = 'analyse'): void {
    const wasOpen = this.isOpen;
    this.isOpen = !wasOpen || purpose !== this.purpose;
    this.purpose = purpose;
    if (!wasOpen) {
      this.opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    }
    this.redraw();
    if (this.isOpen) {
      this.area()?.focus();
    } else {
      this.opener?.focus();
    }
  }

  draw(): void {
    const { view, snapshot } = this.store;
    const { strings } = snapshot;
    // A picture has no text to edit.
    this.isOpen &&= view?.grid === undefined;
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
            <textarea
              class="second"
              rows="2"
              dir="auto"
              spellcheck="false"
              aria-label=${strings.secondText}
              placeholder=${view.stacks ? strings.targetHint : strings.secondTextHint}
              .defaultValue=${view.second ?? ''}
            ></textarea>
            <div class="bar">
              ${button(this.purpose === 'compare' ? strings.compareAction : strings.analyse, () => {
                this.submit();
              })}
              ${button(
                strings.cancel,
                () => {
                  this.toggle(this.purpose);
                },
                true,
              )}${view.stacks ? nothing : this.splitButton()}<span class="quiet">${strings.editKeys}</span>
            </div>`
        : nothing,
      this.element,
    );
  }

  /** Makes two sentences a pair: the border nearest to the middle divides them. */
  private splitButton(): unknown {
    return html`<button
      type="button"
      class="link"
      @click=${() => {
        const [first, second] = [this.area(), this.area('.second')];
        const parts = first && twoSentences(first.value);
        if (first && second && parts) {
          [first.value, second.value] = parts;
        }
      }}
    >
      ${this.store.snapshot.strings.splitText}
    </button>`;
  }

  private submit(): void {
    const text = this.area()?.value ?? '';
    if (text.trim() !== '') {
      this.submitted(text, this.area('.second')?.value.trim() ?? '', this.purpose);
      if (this.purpose === 'compare') {
        this.toggle('compare');
      }
    }
  }

  private area(kind = ':not(.second)'): HTMLTextAreaElement | null {
    return this.element.querySelector(`textarea${kind}`);
  }
}

/** A text of several sentences as two; null for a single one. */
function twoSentences(text: string): [string, string] | null {
  const borders = [...new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)]
    .map(({ index }) => index)
    .filter((index) => index > 0);
  const [border] = borders.sort((a, b) => Math.abs(a - text.length / 2) - Math.abs(b - text.length / 2));
  return border === undefined ? null : [text.slice(0, border).trim(), text.slice(border).trim()];
}
