import { type TemplateResult, html } from 'lit';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { ValueTerm } from '../../src/protocol/oneNumber';
import type { Token } from '../../src/protocol/model';
import { fill } from '../common/format';
import { shortText } from '../common/tokenText';
import { numberText } from '../common/numberText';

/** The largest terms of the weighted sum of values; the key that is looked at is set off. */
export function numberTerms(
  terms: readonly ValueTerm[],
  keys: readonly Token[],
  looked: number,
  strings: AttentionStrings,
): TemplateResult {
  const most = terms[0]?.norm || 1;
  return html`<ol class="terms">
    ${terms.map(({ key, weight, valueNorm, norm }) => {
      const name = keys[key] ? shortText(keys[key], 16) : '';
      const numbers = [numberText(weight), numberText(valueNorm), numberText(norm)] as const;
      return html`<li
        class=${key === looked ? 'actual' : ''}
        title=${fill(strings.numberTermTitle, name, key, ...numbers)}
      >
        <span class="pair"><bdi>${name}</bdi></span
        ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${norm / most} height="1"></rect></svg
        ><span class="number">${fill(strings.numberTerm, ...numbers)}</span>
      </li>`;
    })}
  </ol>`;
}
