import { type TemplateResult, html, nothing } from 'lit';
import { type Diverging, divergingColor } from '../common/diverging';
import { fill } from '../common/format';
import { cssColor } from '../common/ramp';
import type { EffectsStore } from './effectsStore';
import { largest, signed } from './numbers';

export interface HeadMapData {
  /** Names the map, for those who do not see it. */
  readonly label: string;
  /** `[layers, heads]`. */
  readonly heads: Float32Array;
  /** `[layers]`, where all heads of a layer were changed together. */
  readonly layers: Float32Array | null;
  readonly scale: Diverging;
}

/** Layers × heads in colour: a grid of buttons that switch heads off, and the legend of its scale. */
export function headMap(store: EffectsStore, { label, heads, layers, scale }: HeadMapData): TemplateResult {
  const { strings } = store.host;
  const base = store.base.value;
  if (!base) {
    return html``;
  }
  const { numLayers, numHeads } = base;
  const most = largest(heads);
  const cell = (layer: number, head: number): TemplateResult => {
    const value = heads[layer * numHeads + head] ?? NaN;
    const isOff = store.switches.isOff(layer, head);
    const isHere = store.head.layer === layer && store.head.head === head;
    const title = fill(strings.effectsHeadTitle, layer, head, signed(value));
    return html`<button
      type="button"
      role="gridcell"
      class="map-cell${isOff ? ' off' : ''}${isHere ? ' here' : ''}"
      .style=${`background-color:${cssColor(divergingColor(scale, value, most))}`}
      tabindex=${isHere ? 0 : -1}
      data-head="${layer}/${head}"
      aria-selected=${String(isOff)}
      aria-label=${isOff ? `${title} (${strings.effectsHeadOff})` : title}
      title=${title}
      @focus=${() => {
        store.showValues(layer, head);
      }}
      @click=${() => {
        store.switches.toggleHead(layer, head);
      }}
    ></button>`;
  };
  const whole = (layer: number): TemplateResult => {
    const value = layers?.[layer] ?? NaN;
    return html`<button
      type="button"
      class="map-layer"
      title=${fill(strings.effectsWholeLayerTitle, layer, signed(value))}
      aria-label=${`${fill(strings.effectsWholeLayerTitle, layer, signed(value))}. ${fill(strings.effectsSwitchLayer, layer)}`}
      @click=${() => {
        store.switches.toggleLayer(layer, numHeads);
      }}
    >
      ${signed(value)}
    </button>`;
  };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, each) => each);
  return html`<div
      class="map"
      role="grid"
      aria-label=${fill(strings.effectsMapLabel, label)}
      .style=${`--heads:${numHeads}`}
      @keydown=${(event: KeyboardEvent) => {
        move(event, numLayers, numHeads);
      }}
    >
      <div class="map-row map-head" aria-hidden="true">
        <span></span>${numbers(numHeads).map((head) => html`<span>${head}</span>`)}${
          layers ? html`<span>${strings.effectsWholeLayer}</span>` : nothing
        }
      </div>
      ${numbers(numLayers).map(
        (layer) =>
          html`<div class="map-row" role="row">
            <span class="map-name" role="rowheader">${layer}</span>${numbers(numHeads).map((head) =>
              cell(layer, head),
            )}${layers ? html`<span role="gridcell">${whole(layer)}</span>` : nothing}
          </div>`,
      )}
    </div>
    ${legend(store, scale, most)}`;
}

/** From the most that hurts over nothing to the most that helps. */
function legend({ host: { strings } }: EffectsStore, scale: Diverging, most: number): TemplateResult {
  const stops = Array.from({ length: 17 }, (_, step) =>
    cssColor(divergingColor(scale, ((step - 8) / 8) * most, most)),
  );
  return html`<p class="map-legend">
    <span>${strings.effectsHurts} ${signed(-most)}</span
    ><span class="map-scale" .style=${`background:linear-gradient(90deg, ${stops.join(', ')})`}></span
    ><span>${signed(most)} ${strings.effectsHelps}</span>
  </p>`;
}

/** Arrow keys, Home and End move among the heads; Space and Enter are the button's own. */
function move(event: KeyboardEvent, numLayers: number, numHeads: number): void {
  const from = event.target instanceof HTMLElement ? event.target.dataset['head'] : undefined;
  const [layer, head] = (from ?? '').split('/').map(Number);
  if (from === undefined || layer === undefined || head === undefined) {
    return;
  }
  const goals: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [layer - 1, head],
    ArrowDown: [layer + 1, head],
    ArrowLeft: [layer, head - 1],
    ArrowRight: [layer, head + 1],
    Home: [layer, 0],
    End: [layer, numHeads - 1],
  };
  const goal = goals[event.key];
  if (!goal) {
    return;
  }
  event.preventDefault();
  const [toLayer, toHead] = goal;
  if (toLayer >= 0 && toLayer < numLayers && toHead >= 0 && toHead < numHeads) {
    const grid = event.currentTarget as HTMLElement;
    grid.querySelector<HTMLElement>(`[data-head="${toLayer}/${toHead}"]`)?.focus();
  }
}
