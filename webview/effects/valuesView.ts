import { type TemplateResult, html, nothing } from 'lit';
import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import type { EffectsStore } from './effectsStore';
import { waiting } from './waiting';

/** Keys in the table. */
const mostKeys = 8;

/** What a head takes at the prediction: weights beside lengths of values and their products. */
export function valuesView(store: EffectsStore): TemplateResult | typeof nothing {
  const { host, norms, head: shown } = store;
  const { strings, view } = host;
  const base = store.base.value;
  if (!base) {
    return nothing;
  }
  const title = fill(strings.effectsValues, shown.layer, shown.head);
  const failed = norms.state.kind === 'failed' && norms.state.error.code === 'modelUnsupported';
  const answer = norms.value;
  let rows: { token: number; weight: number; length: number; product: number }[] = [];
  if (answer) {
    const [lengths, weights] = [new Float32Array(answer.norms), new Float32Array(answer.weights)];
    const from = (shown.layer * base.numHeads + shown.head) * answer.numTokens;
    rows = Array.from({ length: answer.numTokens }, (_, token) => {
      const [weight, length] = [weights[from + token]!, lengths[from + token]!];
      return { token, weight, length, product: weight * length };
    }).sort((a, b) => b.product - a.product);
  }
  const most = rows[0]?.product ?? 1;
  return html`<section class="values" aria-label=${title}>
    <h2>${title}</h2>
    ${
      failed
        ? html`<p class="quiet">${strings.effectsValuesHidden}</p>`
        : waiting(store, norms, () => {
            norms.forget();
            store.showValues(shown.layer, shown.head);
          })
    }
    ${
      rows.length === 0
        ? nothing
        : html`<table>
            <thead>
              <tr>
                <th scope="col">${strings.tokens}</th>
                <th scope="col" class="number">${strings.effectsWeight}</th>
                <th scope="col" class="number">${strings.effectsLength}</th>
                <th scope="col" class="number">${strings.effectsProduct}</th>
                <td></td>
              </tr>
            </thead>
            <tbody>
              ${rows.slice(0, mostKeys).map(({ token, weight, length, product }) => {
                const found = view.tokens[token];
                return html`<tr>
                  <th scope="row">
                    <span class="quiet">${token}</span> <bdi>${found ? shortText(found, 14) : ''}</bdi>
                  </th>
                  <td class="number">${formatWeight(weight)}</td>
                  <td class="number">${length.toFixed(2)}</td>
                  <td class="number">${product.toFixed(3)}</td>
                  <td class="spread">
                    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                      <rect class="plain" width=${product / most} height="1"></rect>
                    </svg>
                  </td>
                </tr>`;
              })}
            </tbody>
          </table>`
    }
    <p class="quiet">${strings.effectsMeansValues}</p>
  </section>`;
}
