/**
 * The controls of the toolkit. It is frozen upstream, so this is the only file that names it: what
 * the pages use is the functions below.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';
import { type TemplateResult, html, nothing } from 'lit';
import { element } from './element';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

/** For pages with a {@link NumberDropdown}; it weighs as much as the rest. */
export function registerDropdowns(): void {
  provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());
}

export function button(label: string, onPress: () => void, secondary = false): TemplateResult {
  return html`<vscode-button appearance=${secondary ? 'secondary' : 'primary'} @click=${onPress}
    >${label}</vscode-button
  >`;
}

/** A button that is only a codicon; `expanded` makes it a toggle, which Escape closes. */
export function iconButton(
  icon: string,
  label: string,
  onPress: () => void,
  expanded?: boolean,
): TemplateResult {
  return html`<vscode-button
    appearance="icon"
    title=${label}
    aria-label=${label}
    aria-expanded=${expanded === undefined ? nothing : String(expanded)}
    @click=${onPress}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape' && expanded === true) {
        event.preventDefault();
        onPress();
      }
    }}
    ><span class="codicon codicon-${icon}"></span
  ></vscode-button>`;
}

/** It turns while something is on its way; the toolkit's own turns for those too who want nothing to move. */
export function progressRing(label: string): TemplateResult {
  return html`<span class="ring" role="progressbar" aria-label=${label}></span>`;
}

/** A drop-down of the numbers `0 … count - 1`, each with a label. */
export class NumberDropdown {
  readonly element: HTMLElement;
  private count = -1;

  constructor(onPick: (value: number) => void) {
    this.element = document.createElement('vscode-dropdown');
    this.element.addEventListener('change', () => {
      const { value } = this.element as HTMLElement & { value: string };
      if (value !== '') {
        onPick(Number(value));
      }
    });
  }

  update(label: string, nameOf: (value: number) => string, count: number, value: number): void {
    if (this.element.getAttribute('aria-label') !== label || this.count !== count) {
      this.count = count;
      this.element.setAttribute('aria-label', label);
      this.element.replaceChildren(
        ...Array.from({ length: count }, (_, index) => {
          const option = document.createElement('vscode-option');
          option.setAttribute('value', String(index));
          option.append(element('span', '', {}, [nameOf(index)]));
          return option;
        }),
      );
    }
    // FAST reads its options in a microtask of its own; a value set before would be lost.
    queueMicrotask(() => {
      requestAnimationFrame(() => {
        (this.element as HTMLElement & { value: string }).value = String(value);
      });
    });
  }
}
