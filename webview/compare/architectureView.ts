import { type TemplateResult, html } from 'lit';
import type { Architecture, ParameterPart } from '../../src/protocol/architecture';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { disagreementTexts } from './architectureNames';
import { type ArchitectureColumn, architectureTable } from './architectureTable';
import { partsChart } from './partsChart';
import { stackDiagram } from './stackDiagram';

export interface ArchitectureProps {
  readonly left: ArchitectureColumn;
  readonly right: ArchitectureColumn;
  /** Further columns of the table. */
  readonly others: readonly ArchitectureColumn[];
  readonly strings: ArchitectureStrings;
  readonly locale: string;
  /** A part of a diagram was chosen, at a layer where it has one. */
  readonly onOpen: (side: 'left' | 'right', part: ParameterPart, layer?: number) => void;
  readonly onAddColumn: () => void;
  readonly onRemoveColumn: (index: number) => void;
}

const repeated: ReadonlySet<ParameterPart> = new Set<ParameterPart>([
  'attention',
  'crossAttention',
  'feedForward',
  'layerNorms',
]);

/** Both models as stacks of parts, a table of their properties, and their parameters part by part. */
export class ArchitectureView {
  private readonly layers = { left: 0, right: 0 };
  private readonly pointed: { left: string | null; right: string | null } = { left: null, right: null };

  /** @param changed asks for a new drawing */
  constructor(private readonly changed: () => void) {}

  draw(props: ArchitectureProps): TemplateResult {
    const { strings, left, right, others } = props;
    const columns = [left, right, ...others];
    const known = columns.map(({ model }) => model).filter((each) => each !== null);
    return html`<section aria-labelledby="arch-title">
        <h2 id="arch-title">${strings.archTitle}</h2>
        <p class="quiet note">${strings.archHint}</p>
        <div class="stacks">${this.side('left', left, props)} ${this.side('right', right, props)}</div>
      </section>
      <section aria-labelledby="arch-table">
        <h2 id="arch-table">${strings.archTable}</h2>
        ${architectureTable(columns, props)}
      </section>
      <section aria-labelledby="arch-parts">
        <h2 id="arch-parts">${strings.archParts}</h2>
        ${partsChart(known, strings, props.locale)}
      </section>`;
  }

  private side(
    side: 'left' | 'right',
    { name, model, missing }: ArchitectureColumn,
    props: ArchitectureProps,
  ): TemplateResult {
    const { strings, locale } = props;
    const heading = html`<h3><span class="swatch ${side}" aria-hidden="true"></span>${name}</h3>`;
    if (!model) {
      return html`<div class="stack-side" data-side=${side}>
        ${heading}
        <p class="quiet">${fill(strings.archMissing, missing ?? '')}</p>
      </div>`;
    }
    return html`<div class="stack-side" data-side=${side}>
      ${heading} ${this.layerChoice(side, model, strings)}
      ${stackDiagram({
        ...{ model, strings, locale },
        onOpen: (part) => {
          props.onOpen(side, part, repeated.has(part) ? this.layers[side] : undefined);
        },
        onPoint: (text) => {
          this.pointed[side] = text;
          this.changed();
        },
      })}
      <p class="pointed quiet" aria-hidden="true">${this.pointed[side] ?? strings.archPointHint}</p>
      ${disagreementTexts(model, strings).map(
        (text) =>
          html`<p class="disagreement">
            <span class="codicon codicon-warning" aria-hidden="true"></span> ${text}
          </p>`,
      )}
    </div>`;
  }

  private layerChoice(
    side: 'left' | 'right',
    model: Architecture,
    strings: ArchitectureStrings,
  ): TemplateResult {
    const count = Math.max(model.layers, model.decoderLayers ?? 0);
    const chosen = Math.min(this.layers[side], count - 1);
    return html`<label class="layer-choice quiet"
      >${strings.archLayer}
      <select
        @change=${(event: Event) => {
          this.layers[side] = Number((event.target as HTMLSelectElement).value);
        }}
      >
        ${Array.from(
          { length: count },
          (_, layer) => html`<option value=${layer} ?selected=${layer === chosen}>${layer}</option>`,
        )}
      </select></label
    >`;
  }
}
