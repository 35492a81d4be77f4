import { type TemplateResult, html } from 'lit';
import { live } from 'lit/directives/live.js';

/** A labelled choice among a few. */
export function choice<T extends string>(
  label: string,
  value: T,
  choices: readonly (readonly [T, string])[],
  onPick: (value: T) => void,
): TemplateResult {
  return html`<label class="choice"
    ><span aria-hidden="true">${label}</span
    ><select
      aria-label=${label}
      .value=${live(value)}
      @change=${(event: Event) => {
        onPick((event.target as HTMLSelectElement).value as T);
      }}
    >
      ${choices.map(([each, name]) => html`<option value=${each} ?selected=${each === value}>${name}</option>`)}
    </select></label
  >`;
}

/** A choice of a number from 0 to `count - 1`. */
export function numberChoice(
  label: string,
  value: number,
  count: number,
  onPick: (value: number) => void,
): TemplateResult {
  const numbers = Array.from({ length: count }, (_, index) => [String(index), String(index)] as const);
  return choice(label, String(Math.min(value, count - 1)), numbers, (picked) => {
    onPick(Number(picked));
  });
}

export function checkBox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): TemplateResult {
  return html`<label class="check"
    ><input
      type="checkbox"
      .checked=${live(checked)}
      @change=${(event: Event) => {
        onChange((event.target as HTMLInputElement).checked);
      }}
    />${label}</label
  >`;
}
