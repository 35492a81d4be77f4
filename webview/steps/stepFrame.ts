import { type TemplateResult, html, nothing } from 'lit';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { StepVector } from '../../src/protocol/layerSteps';
import type { CodeStep } from '../../src/protocol/oneNumber';
import { fill } from '../common/format';
import { numberText } from '../common/numberText';

/** A step of the way: what it is called, what it does and why, its numbers and its code. */
export interface StepFrame {
  readonly title: string;
  /** The followed number as a sum or a product. */
  readonly formula: string;
  readonly what: string;
  readonly why: string;
  readonly code: CodeStep | null;
  readonly body: TemplateResult | typeof nothing;
}

export function stepFrame(
  { title, formula, what, why, code, body }: StepFrame,
  strings: AttentionStrings,
  showCode: (step: CodeStep) => void,
): TemplateResult {
  return html`<div class="step-head">
      <h3>${title}</h3>
      ${
        code
          ? html`<button
              type="button"
              class="link"
              aria-label=${fill(strings.numberCodeOf, title)}
              @click=${() => {
                showCode(code);
              }}
            >
              ${strings.numberCode}
            </button>`
          : nothing
      }
    </div>
    <p>${what}</p>
    ${formula === '' ? nothing : html`<p class="formula-line">${formula}</p>`} ${body}
    <p class="quiet why">${why}</p>`;
}

/** The followed number recomputed, beside the model's own, and the largest difference in the vector. */
export function comparedNumber(
  { own, found, difference }: StepVector,
  dimension: number,
  strings: AttentionStrings,
): TemplateResult {
  const mine = own ? new Float32Array(own)[dimension] : undefined;
  const line = (name: string, value: string): TemplateResult =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="weights">
    ${line(strings.stepsRecomputed, precise(new Float32Array(found)[dimension] ?? 0))}
    ${line(strings.stepsOwn, mine === undefined ? strings.stepsHidden : precise(mine))}
    ${difference === null ? nothing : line(strings.stepsDifference, difference === 0 ? '0' : difference.toExponential(1))}
  </dl>`;
}

function precise(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(6)}`;
}

/** Terms of a sum; negative ones in brackets. */
export function sumText(terms: readonly number[], sum: number): string {
  const shown = terms.map((term, place) =>
    place > 0 && term < 0 ? `(${numberText(term)})` : numberText(term),
  );
  return `${shown.join(' + ')} = ${numberText(sum)}`;
}
