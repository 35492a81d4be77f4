import { element } from './element';

export interface MenuItem {
  readonly label: string;
  run(): void;
}

/** A button with a codicon that opens a list of actions. Arrow keys move, Escape and a click elsewhere close. */
export class MenuButton {
  readonly element = element('div', 'menu');
  private readonly button = element('button', 'menu-button codicon', {
    type: 'button',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
  });
  private readonly list = element('div', 'menu-list', { role: 'menu' });
  private items: readonly MenuItem[] = [];
  private labels = '';

  constructor(icon: string) {
    this.button.classList.add(`codicon-${icon}`);
    this.list.hidden = true;
    this.element.append(this.button, this.list);
    this.button.addEventListener('click', () => {
      this.toggle(this.list.hidden === true);
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    document.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Node && !this.element.contains(event.target)) {
        this.toggle(false);
      }
    });
  }

  update(label: string, items: readonly MenuItem[]): void {
    this.button.setAttribute('aria-label', label);
    this.button.title = label;
    this.list.setAttribute('aria-label', label);
    this.items = items;
    const labels = items.map((item) => item.label).join('\n');
    if (labels === this.labels) {
      // An open menu keeps its focus when the page around it is drawn anew.
      return;
    }
    this.labels = labels;
    this.list.replaceChildren(
      ...items.map((item, index) => {
        const entry = element('button', '', { type: 'button', role: 'menuitem', tabindex: '-1' }, [
          item.label,
        ]);
        entry.addEventListener('click', () => {
          this.toggle(false);
          this.button.focus();
          this.items[index]?.run();
        });
        return entry;
      }),
    );
  }

  private toggle(open: boolean): void {
    this.list.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
    if (open) {
      this.entries()[0]?.focus();
    }
  }

  private entries(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  private onKey(event: KeyboardEvent): void {
    if (this.list.hidden) {
      return;
    }
    const entries = this.entries();
    const here = entries.findIndex((entry) => entry === document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      entries[(here + step + entries.length) % entries.length]?.focus();
      event.preventDefault();
    } else if (event.key === 'Escape') {
      this.toggle(false);
      this.button.focus();
      event.preventDefault();
    } else if (event.key === 'Tab') {
      this.toggle(false);
    }
  }
}
