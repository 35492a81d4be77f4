import { type TemplateResult, html } from 'lit';
import { live } from 'lit/directives/live.js';

/** Labelled form fields. They tell of a change when it is done, not with every key, so that each is one step of undo. */

export function textField(
  label: string,
  value: string,
  onDone: (value: string) => void,
  hint = '',
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span
    ><input
      type="text"
      placeholder=${hint}
      .value=${live(value)}
      @change=${(event: Event) => {
        onDone((event.target as HTMLInputElement).value);
      }}
  /></label>`;
}

export function areaField(
  label: string,
  value: string,
  rows: number,
  onDone: (value: string) => void,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span
    ><textarea
      rows=${rows}
      .value=${live(value)}
      @change=${(event: Event) => {
        onDone((event.target as HTMLTextAreaElement).value);
      }}
    ></textarea>
  </label>`;
}

export function numberField(
  label: string,
  value: number,
  { min, max, step }: { readonly min: number; readonly max: number; readonly step: number },
  onDone: (value: number) => void,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span
    ><input
      type="number"
      min=${min}
      max=${max}
      step=${step}
      .value=${live(String(value))}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        const asked = Number(input.value);
        if (input.value.trim() === '' || !Number.isFinite(asked)) {
          input.value = String(value);
        } else {
          onDone(Math.min(max, Math.max(min, asked)));
        }
      }}
  /></label>`;
}

export function choiceField<T extends string>(
  label: string,
  value: T,
  choices: readonly (readonly [T, string])[],
  onDone: (value: T) => void,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span
    ><select
      .value=${live(value)}
      @change=${(event: Event) => {
        onDone((event.target as HTMLSelectElement).value as T);
      }}
    >
      ${choices.map(([each, name]) => html`<option value=${each} ?selected=${each === value}>${name}</option>`)}
    </select></label
  >`;
}
