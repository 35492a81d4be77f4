import { type TemplateResult, html, svg } from 'lit';
import { live } from 'lit/directives/live.js';
import {
  type Both,
  type SentenceSimilarity,
  type Sentences,
  type Side,
  isMissing,
  sides,
} from '../../src/protocol/compare';
import { fill } from '../common/format';
import { maybe } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

const chart = { width: 320, height: 90, left: 26, bottom: 16 } as const;

/** Cosines between the sentences by both models, at a layer of choice. */
export function similarityView(store: Store, verbs: Verbs, found: Sentences): TemplateResult {
  const { strings, look } = store;
  const layers = sides.map((side) => {
    const value = found[side];
    return isMissing(value) ? 1 : value.numLayers;
  });
  const last = Math.max(...layers) - 1;
  const layer = Math.min(look.similarityLayer ?? last, last);
  const name = layer === 0 ? fill(strings.embeddingLayer, 0) : String(layer);
  return html`<ol class="sentences">
      ${found.sentences.map((sentence) => html`<li dir="auto">${sentence}</li>`)}
    </ol>
    <div class="row">
      <label class="choice"
        ><span>${strings.similarityLayer}</span
        ><input
          type="range"
          min="0"
          max=${last}
          step="1"
          aria-valuetext=${name}
          .value=${live(String(layer))}
          @input=${(event: Event) => {
            store.setLook({ similarityLayer: Number((event.target as HTMLInputElement).value) });
          }}
      /></label>
      <output>${name}</output>
    </div>
    <div class="two">${sides.map((side) => sideView(store, verbs, found, side, layer))}</div>
    ${layerChart(store, found, layer)}
    <p class="quiet note">${strings.similarityNote}</p>`;
}

function sideView(store: Store, verbs: Verbs, found: Sentences, side: Side, asked: number): TemplateResult {
  const { strings } = store;
  const title = store.nameOf(side);
  return html`<div class="side ${side}" data-side=${side}>
    <h3><span class="swatch ${side}" aria-hidden="true"></span>${title}</h3>
    ${maybe(store, verbs, found[side], { model: title, part: 'sentences' }, (value) => {
      const layer = Math.min(asked, value.numLayers - 1);
      const cosines = cosinesOf(value, found.sentences.length, layer);
      const numbers = [...found.sentences.keys()];
      return html`<p class="quiet">
          ${fill(strings.similarityAt, layer)} ·
          ${fill(strings.meanCosineNow, meanBetween(cosines, numbers.length).toFixed(3))}
        </p>
        <div
          class="wide"
          tabindex="0"
          role="region"
          aria-label=${fill(strings.similarityTable, title, layer)}
        >
          <table class="cosines">
            <thead>
              <tr>
                <td></td>
                ${numbers.map((column) => html`<th scope="col">${column + 1}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${numbers.map(
                (row) =>
                  html`<tr>
                    <th scope="row">${row + 1}</th>
                    ${numbers.map((column) => {
                      const cosine = cosines[row * numbers.length + column] ?? 0;
                      const level = Math.max(0, Math.min(4, Math.floor(cosine * 5)));
                      return html`<td class=${`level-${level} of-${side}`}>${cosine.toFixed(2)}</td>`;
                    })}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
    })}
  </div>`;
}

function cosinesOf({ cosines }: SentenceSimilarity, count: number, layer: number): Float32Array {
  return new Float32Array(cosines).subarray(layer * count * count, (layer + 1) * count * count);
}

/** Mean of the cells off the diagonal: how close different sentences lie as a rule. */
function meanBetween(cosines: Float32Array, count: number): number {
  const sum = cosines.reduce((total, cosine) => total + cosine, 0);
  const diagonal = Array.from({ length: count }, (_, index) => cosines[index * (count + 1)] ?? 0);
  return (sum - diagonal.reduce((a, b) => a + b, 0)) / Math.max(1, count * (count - 1));
}

/** Mean cosine over the layers, a line for each model. */
function layerChart(store: Store, found: Sentences, layer: number): TemplateResult {
  const { strings } = store;
  const means = (side: Side): number[] => {
    const value = found[side];
    return isMissing(value)
      ? []
      : Array.from({ length: value.numLayers }, (_, each) =>
          meanBetween(cosinesOf(value, found.sentences.length, each), found.sentences.length),
        );
  };
  const lines: Both<number[]> = { left: means('left'), right: means('right') };
  const last = Math.max(1, lines.left.length - 1, lines.right.length - 1);
  const lowest = Math.min(0, ...lines.left, ...lines.right);
  const x = (each: number): number => chart.left + (each / last) * (chart.width - chart.left - 6);
  const y = (cosine: number): number => 4 + ((1 - cosine) / (1 - lowest)) * (chart.height - chart.bottom - 4);
  const said = sides.map(
    (side) => `${store.nameOf(side)}: ${lines[side].map((mean) => mean.toFixed(2)).join(', ')}`,
  );
  return html`<figure>
    <figcaption>${strings.meanCosine}</figcaption>
    <svg
      class="chart"
      viewBox=${`0 0 ${chart.width} ${chart.height}`}
      role="img"
      aria-label=${[strings.meanCosine, ...said].join('. ')}
    >
      ${svg`<path class="axis" d=${`M${chart.left} 4V${y(lowest)}H${chart.width}`}/>
      <text x="2" y="9">1</text><text x="2" y=${y(lowest)}>${lowest.toFixed(lowest === 0 ? 0 : 1)}</text>
      <path class="now" d=${`M${x(layer)} 4V${y(lowest)}`}/>`}
      ${sides.map(
        (side) =>
          svg`<polyline class=${`line ${side}`} points=${lines[side].map((mean, each) => `${x(each)},${y(mean)}`).join(' ')}/>
          ${lines[side].map((mean, each) => svg`<circle class=${side} cx=${x(each)} cy=${y(mean)} r="2.5"/>`)}`,
      )}
      ${[0, last].map((each) => svg`<text x=${x(each)} y=${chart.height - 3} text-anchor=${each === 0 ? 'start' : 'end'}>${each}</text>`)}
    </svg>
  </figure>`;
}
