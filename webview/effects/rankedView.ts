import { type TemplateResult, html, nothing } from 'lit';
import { type Diverging, divergingColor } from '../common/diverging';
import { fill } from '../common/format';
import { cssColor } from '../common/ramp';
import type { EffectsStore } from './effectsStore';
import { largest, signed } from './numbers';

/** Heads in the list. */
const most = 12;

/** The heads with the largest effects, each with what it says itself; a press switches it off or on. */
export function rankedView(store: EffectsStore, scale: Diverging): TemplateResult | typeof nothing {
  const { strings } = store.host;
  const base = store.base.value;
  const effects = store.ranked.value;
  const direct = store.direct.value;
  const values = effects ? new Float32Array(effects.heads) : direct ? new Float32Array(direct.heads) : null;
  if (!base || !values) {
    return nothing;
  }
  const own = direct ? new Float32Array(direct.heads) : null;
  const order = [...values.keys()]
    .filter((index) => !Number.isNaN(values[index]))
    .sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!))
    .slice(0, most);
  const size = largest(values);
  return html`<section class="ranked" aria-label=${strings.effectsRanked}>
    <h2>${strings.effectsRanked}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${strings.layer}/${strings.head}</th>
          <td></td>
          <th scope="col" class="number">${effects ? strings.effectsColumnEffect : ''}</th>
          ${own ? html`<th scope="col" class="number">${strings.effectsColumnDirect}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${order.map((index) => {
          const [layer, head] = [Math.floor(index / base.numHeads), index % base.numHeads];
          const isOff = store.switches.isOff(layer, head);
          const value = values[index]!;
          const share = size > 0 ? Math.abs(value) / size : 0;
          return html`<tr class=${isOff ? 'off' : ''}>
            <th scope="row">
              <button
                type="button"
                class="link"
                aria-pressed=${String(isOff)}
                title=${fill(isOff ? strings.effectsSwitchOn : strings.effectsSwitchOff, layer, head)}
                @click=${() => {
                  store.showValues(layer, head);
                  store.switches.toggleHead(layer, head);
                }}
              >
                ${layer}/${head}
              </button>
            </th>
            <td class="spread">
              <svg viewBox="-1 0 2 1" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  .style=${`fill:${cssColor(divergingColor(scale, value, size))}`}
                  x=${value < 0 ? -share : 0}
                  width=${share}
                  height="1"
                ></rect>
                <line x1="0" x2="0" y1="0" y2="1"></line>
              </svg>
            </td>
            <td class="number">${effects ? signed(value) : ''}</td>
            ${own ? html`<td class="number">${signed(own[index]!)}</td>` : nothing}
            <td>
              <button
                type="button"
                class="icon"
                title=${fill(strings.effectsOpenHead, layer, head)}
                aria-label=${fill(strings.effectsOpenHead, layer, head)}
                @click=${() => {
                  store.host.showHead(layer, head);
                }}
              >
                <span class="codicon codicon-eye" aria-hidden="true"></span>
              </button>
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}
