import { type TemplateResult, html, nothing } from 'lit';
import { type ExampleName, exampleNames, numExamplePrompts } from '../../src/attention/effectExamples';
import type { ExampleScore } from '../../src/protocol/effects';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { fill } from '../common/format';
import type { EffectsStore } from './effectsStore';
import { signed } from './numbers';
import { waiting } from './waiting';

/** Heads that are named of an example. */
const named = 4;
/** A share of right answers from which on a model is said to do an example. */
const enough = 0.75;

/** Tasks whose mechanism is known, and how well the model on show does them. */
export function examplesView(store: EffectsStore): TemplateResult | typeof nothing {
  const { strings } = store.host;
  const base = store.base.value;
  if (base?.head === 'masked') {
    return html`<section class="examples" aria-label=${strings.effectsExamples}>
      <h2>${strings.effectsExamples}</h2>
      <p class="quiet">${strings.effectsExampleNeedsGpt}</p>
    </section>`;
  }
  return html`<section class="examples" aria-label=${strings.effectsExamples}>
    <h2>${strings.effectsExamples}</h2>
    <div class="example-pair">${exampleNames.map((name) => example(store, name))}</div>
  </section>`;
}

function example(store: EffectsStore, name: ExampleName): TemplateResult {
  const { strings } = store.host;
  const asked = store.examples[name];
  const [title, text] =
    name === 'ioi'
      ? [strings.effectsExampleIoi, strings.effectsExampleIoiText]
      : [strings.effectsExampleWords, strings.effectsExampleWordsText];
  const measure = (): void => {
    store.measureExample(name);
  };
  const isOpen = store.view.openEffects?.example === name;
  return html`<div class="example${isOpen ? ' open' : ''}">
    <h3>${title}</h3>
    <p class="quiet">${text}</p>
    ${asked.value ? score(strings, asked.value) : nothing} ${waiting(store, asked, measure)}
    <p class="bar-row">
      <button
        type="button"
        class="button secondary"
        aria-label="${strings.effectsExampleOpen}: ${title}"
        @click=${() => {
          // The host tells a failure in the panel itself.
          store.host.openExample(name).catch(() => undefined);
        }}
      >
        ${strings.effectsExampleOpen}
      </button>
      ${
        asked.state.kind === 'none'
          ? html`<button
              type="button"
              class="button secondary"
              aria-label="${fill(strings.effectsExampleMeasure, numExamplePrompts)}: ${title}"
              @click=${measure}
            >
              ${fill(strings.effectsExampleMeasure, numExamplePrompts)}
            </button>`
          : nothing
      }
    </p>
  </div>`;
}

function score(strings: AttentionStrings, found: ExampleScore): TemplateResult {
  const { numPrompts, numAbove, numFirst, meanDifference, direct } = found;
  const does = numPrompts > 0 && numAbove / numPrompts >= enough;
  const counts = [numAbove, numPrompts, numPrompts / 2, numFirst, signed(meanDifference)];
  return html`<p>
      <strong>${does ? strings.effectsExampleDoes : strings.effectsExampleFails}</strong>
      ${fill(strings.effectsExampleScore, ...counts)}
    </p>
    ${direct && does ? bringers(strings, new Float32Array(direct.heads), direct.numHeads) : nothing}`;
}

function bringers(strings: AttentionStrings, heads: Float32Array, numHeads: number): TemplateResult {
  const order = [...heads.keys()].sort((a, b) => heads[b]! - heads[a]!);
  const list = (indices: readonly number[]): string =>
    indices
      .map((index) => `${Math.floor(index / numHeads)}/${index % numHeads} (${signed(heads[index]!)})`)
      .join(', ');
  const best = order.slice(0, named).filter((index) => heads[index]! > 0.05);
  const worst = order
    .reverse()
    .slice(0, named / 2)
    .filter((index) => heads[index]! < -0.05);
  return html`<p>
    ${best.length > 0 ? fill(strings.effectsExampleMost, list(best)) : nothing}
    ${worst.length > 0 ? fill(strings.effectsExampleAgainst, list(worst)) : nothing}
  </p>`;
}
