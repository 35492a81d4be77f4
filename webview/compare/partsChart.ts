import { type TemplateResult, html, svg } from 'lit';
import { type Architecture, type ParameterPart, parameterParts } from '../../src/protocol/architecture';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { architecturePartNames, exact, rounded, share } from './architectureNames';

const length = 1000;
const thickness = 22;

/** Parameters by part: a bar for each model, all at one scale, and the numbers in a table whose rows are its legend. */
export function partsChart(
  models: readonly Architecture[],
  strings: ArchitectureStrings,
  locale: string,
): TemplateResult {
  const most = Math.max(1, ...models.map(({ parameters }) => parameters.total));
  const used = parameterParts.filter((part) => models.some((model) => countOf(model, part) > 0));
  return html`<p class="quiet note">${strings.archPartsHint}</p>
    <div class="part-bars">
      ${models.map(
        (model) =>
          html`<div class="part-bar">
            <span class="bar-name">${model.name}</span>${bar(model, used, most, strings, locale)}<span
              class="number"
              >${rounded(model.parameters.total)}</span
            >
          </div>`,
      )}
    </div>
    <div class="wide-table" tabindex="0" role="group" aria-label=${strings.archParts}>
      <table>
        <thead>
          <tr>
            <th scope="col">${strings.archPartColumn}</th>
            ${models.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${used.map(
            (part) =>
              html`<tr data-part=${part}>
                <th scope="row">
                  <svg class="key" viewBox="0 0 10 10" aria-hidden="true">
                    <rect class="fill-${part}" width="10" height="10" />
                  </svg>
                  ${strings[architecturePartNames[part]]}
                </th>
                ${models.map((model) => cell(countOf(model, part), model, locale))}
              </tr>`,
          )}
          <tr class="total">
            <th scope="row">${strings.archTotal}</th>
            ${models.map((model) => cell(model.parameters.total, model, locale))}
          </tr>
        </tbody>
      </table>
    </div>`;
}

function bar(
  model: Architecture,
  parts: readonly ParameterPart[],
  most: number,
  strings: ArchitectureStrings,
  locale: string,
): TemplateResult {
  let x = 0;
  const { total } = model.parameters;
  const said = parts
    .filter((part) => countOf(model, part) > 0)
    .map((part) => `${strings[architecturePartNames[part]]} ${share(countOf(model, part), total)}`)
    .join(', ');
  const label = fill(strings.archBarLabel, model.name, exact(total, locale), said);
  return html`<svg
    class="stacked"
    viewBox=${`0 0 ${length} ${thickness}`}
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${parts.map((part) => {
      const count = countOf(model, part);
      const wide = (length * count) / most;
      const from = x;
      x += wide;
      return svg`<rect class=${`fill-${part}`} x=${from} width=${wide} height=${thickness}>
        <title>${strings[architecturePartNames[part]]}: ${exact(count, locale)}, ${share(count, total)}</title>
      </rect>`;
    })}
  </svg>`;
}

function cell(count: number, { parameters: { total } }: Architecture, locale: string): TemplateResult {
  return count === 0
    ? html`<td class="number quiet">–</td>`
    : html`<td class="number">${exact(count, locale)} <span class="quiet">${share(count, total)}</span></td>`;
}

/** In all stacks together. */
function countOf({ parameters }: Architecture, part: ParameterPart): number {
  return parameters.parts.filter((each) => each.part === part).reduce((sum, { count }) => sum + count, 0);
}
