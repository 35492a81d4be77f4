import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import {
  type TrainSettings,
  largestSeed,
  learningRateLimits,
  trainChoices,
  trainPositions,
  trainTasks,
} from '../../src/protocol/train';
import { iconButton } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import { positionKeys, presetTexts, taskName, taskText } from './texts';
import type { Verbs } from './verbs';

/** Which model learns what, and how. */
export class SettingsForm {
  /** A number that was typed and is none that can be taken. */
  private refused: { readonly key: 'learningRate' | 'seed'; readonly typed: string } | null = null;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  draw(): TemplateResult {
    const { strings, settings, preset, presets } = this.store.shown;
    const watch = preset === null ? '' : presetTexts(strings, preset).watch;
    return html`<section class="settings" aria-label=${strings.experiment}>
      <label class="field experiment"
        ><span>${strings.experiment}</span>
        <select
          .value=${live(preset ?? '')}
          @change=${(event: Event) => {
            const chosen = presets.find(({ id }) => id === valueOf(event));
            if (chosen) {
              this.verbs.change(chosen.settings, chosen.id);
            } else {
              this.store.update({ preset: null });
            }
          }}
        >
          <option value="" ?selected=${preset === null}>${strings.ownSettings}</option>
          ${presets.map(
            ({ id }) =>
              html`<option value=${id} ?selected=${id === preset}>${presetTexts(strings, id).name}</option>`,
          )}
        </select></label
      >
      ${watch === '' ? nothing : html`<p class="watch"><strong>${strings.watchFor}</strong> ${watch}</p>`}
      <div class="fields">
        ${this.choice('task', trainTasks, (task) => taskName(strings, task))}
        ${this.choice('positions', trainPositions, (each) => strings[positionKeys[each]])}
        ${this.choice('numHeads', trainChoices.numHeads)}
        ${this.choice('modelWidth', trainChoices.modelWidth)}
        ${this.choice('numLayers', trainChoices.numLayers)}
        ${this.select(
          strings.mask,
          [false, true],
          settings.causal,
          (causal) => this.verbs.change({ causal }),
          (causal) => (causal ? strings.maskCausal : strings.maskNone),
        )}
        ${this.number('learningRate', strings.badLearningRate, ({ learningRate }) => isBetween(learningRate, learningRateLimits.least, learningRateLimits.most))}
        ${this.choice('batchSize', trainChoices.batchSize)}
        <div class="with-button">
          ${this.number('seed', fill(strings.badSeed, largestSeed), ({ seed }) => Number.isInteger(seed) && isBetween(seed, 0, largestSeed))}
          ${iconButton('refresh', strings.anotherSeed, () => this.verbs.change({ seed: (settings.seed + 1) % largestSeed }))}
        </div>
      </div>
      <p class="task-text">${taskText(strings, settings.task)}</p>
    </section>`;
  }

  /** One of several values of a setting. */
  private choice<K extends keyof TrainSettings>(
    key: K & keyof Store['shown']['strings'],
    choices: readonly TrainSettings[K][],
    nameOf: (value: TrainSettings[K]) => string = String,
  ): TemplateResult {
    const { strings, settings } = this.store.shown;
    return this.select(
      strings[key],
      choices,
      settings[key],
      (value) => this.verbs.change({ [key]: value }),
      nameOf,
    );
  }

  private select<T>(
    label: string,
    choices: readonly T[],
    chosen: T,
    choose: (value: T) => void,
    nameOf: (value: T) => string,
  ): TemplateResult {
    return html`<label class="field"
      ><span>${label}</span>
      <select
        .value=${live(String(choices.indexOf(chosen)))}
        @change=${(event: Event) => {
          const value = choices[Number(valueOf(event))];
          if (value !== undefined) {
            choose(value);
          }
        }}
      >
        ${choices.map(
          (value, index) =>
            html`<option value=${String(index)} ?selected=${value === chosen}>${nameOf(value)}</option>`,
        )}
      </select></label
    >`;
  }

  /** A typed number; what cannot be taken says so and changes nothing. */
  private number(
    key: 'learningRate' | 'seed',
    hint: string,
    isGood: (settings: Pick<TrainSettings, 'learningRate' | 'seed'>) => boolean,
  ): TemplateResult {
    const { strings, settings } = this.store.shown;
    const refused = this.refused?.key === key ? this.refused : null;
    const isRefused = refused !== null;
    return html`<label class="field"
      ><span>${strings[key]}</span>
      <input
        type="text"
        inputmode="decimal"
        spellcheck="false"
        aria-invalid=${String(isRefused)}
        aria-describedby=${isRefused ? `bad-${key}` : nothing}
        .value=${refused?.typed ?? String(settings[key])}
        @change=${(event: Event) => {
          const typed = valueOf(event);
          const value = Number(typed.trim().replace(',', '.') || NaN);
          this.refused = isGood({ ...settings, [key]: value }) ? null : { key, typed };
          if (this.refused === null && value !== settings[key]) {
            this.verbs.change({ [key]: value });
          } else {
            this.store.changed();
          }
        }}
      />
      ${isRefused ? html`<span class="bad" role="alert" id=${`bad-${key}`}>${hint}</span>` : nothing}</label
    >`;
  }
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
