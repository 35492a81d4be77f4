import { type TemplateResult, html, nothing, render } from 'lit';
import type { LayerSteps } from '../../src/protocol/layerSteps';
import type { Positions } from '../../src/protocol/positions';
import { element } from '../common/element';
import { fill } from '../common/format';
import { onThemeChange } from '../common/theme';
import type { PartName, StepsHost, StepsPart, StepsState } from '../common/stepsPart';
import { Answer } from './answer';
import { blockMap } from './blockMap';
import { type BlockPart, blockParts, halfOf } from './blockParts';
import { forwardStep } from './forwardStep';
import { addStep, normStep } from './halfSteps';
import { headsStep } from './headsStep';
import { layerNotes, lastNotes } from './layerNotes';
import { positionsStep } from './positionsStep';
import { type StepFrame, stepFrame } from './stepFrame';
import type { StripContext } from './vectorStrip';

/** The map of a layer and, beside attention itself, the step of the part that is chosen. */
export class StepsView implements StepsPart {
  readonly element = element('div', 'layer-steps');
  private state: StepsState | null = null;
  private dimension = 0;
  private readonly steps = new Answer<LayerSteps>(() => {
    this.draw();
  });
  private readonly positions = new Answer<Positions>(() => {
    this.draw();
  });

  constructor(private readonly host: StepsHost) {
    onThemeChange(() => {
      this.draw();
    });
    new ResizeObserver(() => {
      this.draw();
    }).observe(this.element);
  }

  update(state: StepsState): void {
    this.state = state;
    this.ask();
    this.draw();
  }

  /** Asks for what the part on show needs; the map needs the layer only. */
  private ask(): void {
    const { state, dimension } = this;
    if (!state) {
      return;
    }
    const { runId, layer, query, head, part } = state;
    const isMap = part.startsWith('weights') || part === 'positions';
    const of = `${runId} ${layer}`;
    if (!isMap || !this.steps.of.startsWith(`${of} `)) {
      this.steps.follow(`${of} ${query} ${dimension}`, () =>
        this.host.layerSteps({ runId, layer, query, dimension }),
      );
    }
    if (part === 'positions') {
      this.positions.follow(`${of} ${head}`, () => this.host.positions({ runId, layer, head }));
    }
  }

  private readonly choose = (dimension: number): void => {
    this.dimension = dimension;
    this.ask();
    this.draw();
  };

  private draw(): void {
    const { state } = this;
    if (!state) {
      return;
    }
    const { strings, causal, layer, numLayers, part, stack } = state;
    const steps = this.steps.value;
    if (steps && this.dimension >= Math.max(1, steps.width)) {
      this.dimension = 0;
    }
    const parts = blockParts(steps, causal || stack === 'decoder' || stack === 'cross', strings);
    const isDecoder = causal || stack === 'cross';
    const code = isDecoder ? 'decoderBlock' : 'encoderBlock';
    render(
      html`<div class="map-side">
          ${this.stacks(state)}
          <p class="map-title">
            <strong>${isDecoder ? strings.stepsDecoder : strings.stepsEncoder}</strong>
            ${fill(strings.stepsLayer, layer, numLayers)}
          </p>
          ${blockMap(parts, part, strings, (name) => {
            this.host.open(name);
          })}
          <button
            type="button"
            class="link"
            @click=${() => {
              this.host.showCode(code);
            }}
          >
            ${strings.stepsCodeOfBlock}
          </button>
        </div>
        ${part.startsWith('weights') ? this.mapState(state) : this.step(state, parts)}`,
      this.element,
    );
  }

  /** Of an encoder-decoder: whose block is drawn. */
  private stacks({ stack, strings }: StepsState): TemplateResult | typeof nothing {
    if (stack === 'only') {
      return nothing;
    }
    const one = (name: 'encoder' | 'decoder', label: string): TemplateResult =>
      html`<button
        type="button"
        aria-pressed=${String((stack === 'encoder') === (name === 'encoder'))}
        @click=${() => {
          this.host.openStack(name);
        }}
      >
        ${label}
      </button>`;
    return html`<div class="tabs" role="group">
      ${one('encoder', strings.stackEncoder)}${one('decoder', strings.stackDecoder)}
    </div>`;
  }

  /** Under attention itself the map alone says how the layer could be read. */
  private mapState({ strings }: StepsState): TemplateResult | typeof nothing {
    const { failed, value } = this.steps;
    if (failed) {
      return html`<p class="quiet map-note">${strings.stepsFailed} <code>${failed}</code></p>`;
    }
    return value ? layerNotes(value, strings) : html`<p class="quiet map-note">${strings.stepsReading}</p>`;
  }

  private step(state: StepsState, parts: readonly BlockPart[]): TemplateResult {
    const { strings, part } = state;
    const answer = part === 'positions' ? this.positions : this.steps;
    if (answer.failed !== null) {
      return html`<div class="part-step">
        <p role="alert">
          ${strings.stepsFailed} <code>${answer.failed}</code>
          <button
            type="button"
            class="link"
            @click=${() => {
              answer.forget();
              this.ask();
              this.draw();
            }}
          >
            ${strings.retry}
          </button>
        </p>
      </div>`;
    }
    const frame = this.frame(state);
    return html`<div class="part-step" data-step=${part}>
      ${
        frame
          ? html`${part === 'positions' ? nothing : this.dimensionChooser(state)}
            ${stepFrame(frame, strings, (step) => {
              this.host.showCode(step);
            })}
            ${this.steps.value && part !== 'positions' ? lastNotes(this.steps.value, part, this.dimension, strings) : nothing}`
          : html`<p class="quiet" role="status">${strings.stepsReading}</p>`
      }
      ${this.walk(parts, part, strings)}
    </div>`;
  }

  private frame(state: StepsState): StepFrame | null {
    const { strings, part, head, layer } = state;
    if (part === 'positions') {
      const { value } = this.positions;
      return value
        ? positionsStep(value, state, (of, which) => {
            this.host.chooseHead(of, which);
          })
        : null;
    }
    const steps = this.steps.value;
    const half = steps ? halfOf(steps, part) : undefined;
    if (!steps || !half) {
      return null;
    }
    const context: StripContext = { strings, dimension: this.dimension, choose: this.choose };
    const [what] = part.split(':');
    switch (what) {
      case 'heads':
        return headsStep(steps, half, head, context, (which) => {
          this.host.chooseHead(layer, which);
        });
      case 'add':
        return addStep(half, context);
      case 'norm': {
        const norm = half.before ?? half.after;
        return norm ? normStep(steps, norm, context) : null;
      }
      default:
        return half.feedForward ? forwardStep(steps, half, context) : null;
    }
  }

  private dimensionChooser({ strings }: StepsState): TemplateResult {
    const width = this.steps.value?.width ?? 1;
    return html`<label class="dimension" title=${fill(strings.stepsDimensionHint, width)}
      >${strings.stepsDimension}
      <input
        type="number"
        id="followed-number"
        min="0"
        max=${width - 1}
        .value=${String(this.dimension)}
        aria-label=${fill(strings.stepsDimensionHint, width)}
        @change=${(event: Event) => {
          const typed = Math.round(Number((event.target as HTMLInputElement).value));
          this.choose(Math.min(width - 1, Math.max(0, Number.isFinite(typed) ? typed : 0)));
        }}
      />
      ${fill(strings.stepsOf, width)}</label
    >`;
  }

  /** On to the part before and the part behind. */
  private walk(parts: readonly BlockPart[], part: PartName, strings: StepsState['strings']): TemplateResult {
    const at = parts.findIndex(({ name }) => name === part);
    const to = (place: BlockPart | undefined, text: string): TemplateResult | typeof nothing =>
      place
        ? html`<button
            type="button"
            class="link"
            @click=${() => {
              this.host.open(place.name);
            }}
          >
            ${fill(text, place.label)}
          </button>`
        : nothing;
    return html`<p class="walk">
      ${to(parts[at - 1], strings.stepsPrevious)} ${to(parts[at + 1], strings.stepsNext)}
    </p>`;
  }
}
