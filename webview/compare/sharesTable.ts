import { type TemplateResult, html } from 'lit';
import { attentionShares, uniformShares } from '../../src/compare/attentionShares';
import type { Both, Side } from '../../src/protocol/compare';
import { sides } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { barPicture } from '../common/bars';
import { formatPercent } from './names';
import type { Store } from './store';

/** A side's head as it is shown. */
export interface ShownHead {
  readonly layer: number;
  readonly head: number;
  /** Tokens along each edge. */
  readonly n: number;
  readonly causal: boolean;
  readonly weights: Float32Array | 'loading' | 'failed';
}

const rows = [
  ['left', 'goesLeft'],
  ['self', 'goesSelf'],
  ['right', 'goesRight'],
  ['first', 'goesFirst'],
] as const;

/** Where each side's head looks, computed from its weights over all tokens, beside what an even head would do. */
export function sharesTable(store: Store, heads: Both<ShownHead | null>): TemplateResult {
  const { strings } = store;
  const found = (
    side: Side,
  ): { measured: ReturnType<typeof attentionShares>; even: ReturnType<typeof uniformShares> } | null => {
    const head = heads[side];
    return head && head.weights instanceof Float32Array
      ? { measured: attentionShares(head.weights, head.n), even: uniformShares(head.n, head.causal) }
      : null;
  };
  const both = { left: found('left'), right: found('right') };
  return html`<div class="wide" tabindex="0" role="region" aria-label=${strings.whereItGoes}>
    <table class="shares">
      <caption>
        ${strings.whereItGoes}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${sides.map((side) => html`<th scope="col">${store.nameOf(side)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([what, name]) =>
            html`<tr data-share=${what}>
              <th scope="row">${strings[name]}</th>
              ${sides.map((side) => {
                const shares = both[side];
                return shares
                  ? html`<td class=${side}>
                      <span class="measure"
                        >${barPicture(shares.measured[what])}<span
                          >${formatPercent(shares.measured[what])}</span
                        ></span
                      >
                      <span class="quiet">${fill(strings.evenHead, formatPercent(shares.even[what]))}</span>
                    </td>`
                  : html`<td>–</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
