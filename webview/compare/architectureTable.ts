import { type TemplateResult, html, nothing } from 'lit';
import type { Architecture } from '../../src/protocol/architecture';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { properties } from './architectureProperties';

/** A model, or why it could not be read. */
export interface ArchitectureColumn {
  readonly name: string;
  readonly model: Architecture | null;
  readonly missing?: string;
}

interface TableProps {
  readonly strings: ArchitectureStrings;
  readonly locale: string;
  readonly onAddColumn: () => void;
  readonly onRemoveColumn: (index: number) => void;
}

/** Properties in rows, models in columns; a row in which the models differ is marked. */
export function architectureTable(columns: readonly ArchitectureColumn[], props: TableProps): TemplateResult {
  const { strings, locale } = props;
  return html`<div class="wide-table" tabindex="0" role="group" aria-label=${strings.archTable}>
      <table class="properties">
        <thead>
          <tr>
            <th scope="col">${strings.archProperty}</th>
            ${columns.map((column, index) => columnHead(column, index - 2, props))}
          </tr>
        </thead>
        <tbody>
          ${properties(strings, locale).map((property) => {
            const cells = columns.map(({ model }) => (model ? property.of(model) : null));
            const known = cells.filter((cell) => cell !== null);
            const differs = new Set(known).size > 1;
            return html`<tr class=${differs ? 'differs' : ''} data-property=${property.key}>
              <th scope="row">
                ${property.name}${
                  differs
                    ? html`<span class="mark" title=${strings.archDiffers}
                        ><span aria-hidden="true"> ≠</span
                        ><span class="visually-hidden">, ${strings.archDiffers}</span></span
                      >`
                    : nothing
                }
              </th>
              ${cells.map((cell) => html`<td>${cell ?? '–'}</td>`)}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p>
      <button type="button" class="link" @click=${props.onAddColumn}>
        <span class="codicon codicon-add" aria-hidden="true"></span>${strings.archAddColumn}
      </button>
    </p>`;
}

/** The two of the comparison stay; others can be taken away. */
function columnHead(
  { name, missing, model }: ArchitectureColumn,
  other: number,
  props: TableProps,
): TemplateResult {
  const { strings } = props;
  return html`<th scope="col" title=${!model && missing ? fill(strings.archMissing, missing) : nothing}>
    ${other < 0 ? html`<span class="swatch ${other === -2 ? 'left' : 'right'}" aria-hidden="true"></span>` : nothing}${name}${
      other < 0
        ? nothing
        : html`<button
            type="button"
            class="link"
            aria-label=${fill(strings.archRemoveColumn, name)}
            title=${fill(strings.archRemoveColumn, name)}
            @click=${() => {
              props.onRemoveColumn(other);
            }}
          >
            <span class="codicon codicon-close" aria-hidden="true"></span>
          </button>`
    }
  </th>`;
}
