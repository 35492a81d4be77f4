import { element } from '../common/element';

/** What is typed is used this long after the last key, in milliseconds. */
const delay = 500;

/**
 * A field whose text is used while it is typed. What the host makes of it is written back only where it differs in
 * meaning, and never under the writer's hands.
 */
export class TypedField {
  readonly element: HTMLLabelElement;
  readonly input: HTMLTextAreaElement | HTMLInputElement;
  private readonly label = element('span', '');
  private timer: number | undefined;

  /** @param rows 0 for a single line */
  constructor(
    rows: number,
    private readonly parse: (text: string) => readonly string[],
    private readonly onTyped: () => void,
  ) {
    this.input =
      rows === 0
        ? element('input', '', { type: 'text' })
        : element('textarea', '', { rows: String(rows), spellcheck: 'false' });
    this.element = element('label', 'field', {}, [this.label, this.input]);
    this.input.addEventListener('input', () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => {
        this.use();
      }, delay);
    });
    this.input.addEventListener('change', () => {
      this.use();
    });
    this.input.addEventListener('keydown', (event) => {
      const { key, ctrlKey, metaKey } = event as KeyboardEvent;
      if (key === 'Enter' && (rows === 0 || ctrlKey || metaKey)) {
        this.use();
      }
    });
  }

  get text(): string {
    return this.input.value;
  }

  update(label: string, hint: string, items: readonly string[]): void {
    this.label.textContent = label;
    this.input.placeholder = hint;
    this.input.title = hint;
    const isWritten = document.activeElement === this.input || this.timer !== undefined;
    const same = JSON.stringify(this.parse(this.input.value)) === JSON.stringify(items);
    if (!isWritten && !same) {
      this.input.value = items.join('\n');
    }
  }

  private use(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.onTyped();
  }
}
