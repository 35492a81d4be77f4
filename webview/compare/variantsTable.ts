import { type TemplateResult, html } from 'lit';
import { citationText, citedFacts } from '../../src/compare/citations';
import { type Variant, type VariantFact, variants } from '../../src/compare/variants';
import type { Bilingual } from '../../src/compare/works';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { exact, kindNames, rounded } from './architectureNames';

const factNames = {
  sizes: 'histSizes',
  parameters: 'archParameters',
  vocabulary: 'archVocabulary',
  context: 'histContextShort',
  data: 'histData',
  objective: 'histObjective',
} as const satisfies Record<VariantFact, keyof ArchitectureStrings>;

/** The text of the reader's language. */
export function inLanguage(text: Bilingual, locale: string): string {
  return locale.startsWith('zh') ? text.zh : text.en;
}

/** The published family: its sizes in rows, and above them what their paper has in common, with its sources. */
export function variantsTable(strings: ArchitectureStrings, locale: string): TemplateResult {
  const numbers = [
    ...[strings.archLayers, strings.histWidth, strings.histHeadsShort, strings.archParameters],
    ...[strings.archVocabulary, strings.histContextShort],
  ];
  return html`<p class="quiet note">${strings.histVariantsHint}</p>
    <div class="wide-table" tabindex="0" role="group" aria-label=${strings.histVariants}>
      <table class="variants">
        <thead>
          <tr>
            <th scope="col">${strings.histModel}</th>
            ${numbers.map((name) => html`<th scope="col" class="number">${name}</th>`)}
          </tr>
        </thead>
        ${groups().map(
          (group) =>
            html`<tbody>
              ${group.slice(0, 1).map((first) => familyRow(first, numbers.length + 1, strings, locale))}
              ${group.map((variant) => sizeRow(variant, strings, locale))}
            </tbody>`,
        )}
      </table>
    </div>`;
}

/** Variants that share their paper's point stand together. */
function groups(): Variant[][] {
  const found: Variant[][] = [];
  for (const variant of variants) {
    const last = found.at(-1);
    if (last?.[0]?.point === variant.point) {
      last.push(variant);
    } else {
      found.push([variant]);
    }
  }
  return found;
}

function familyRow(
  variant: Variant,
  span: number,
  strings: ArchitectureStrings,
  locale: string,
): TemplateResult {
  const { year, kind, point, data, objective } = variant;
  return html`<tr class="family">
    <th scope="rowgroup" colspan=${span}>
      <div>
        <span class="quiet">${fill(strings.histYearKind, year, strings[kindNames[kind]])}</span>
        <p class="point">${inLanguage(point, locale)}</p>
        <p>${fill(strings.histObjectiveIs, inLanguage(objective, locale))}</p>
        <p>${fill(strings.histDataIs, inLanguage(data, locale))}</p>
        <details>
          <summary>${strings.histSource}</summary>
          ${sources(variant, strings)}
        </details>
      </div>
    </th>
  </tr>`;
}

function sizeRow(variant: Variant, strings: ArchitectureStrings, locale: string): TemplateResult {
  const { name, kind, layers, width, heads, parameters, vocabulary, context } = variant;
  const cell = (value: string | null, missing: string = strings.histUnknown): TemplateResult =>
    html`<td class="number">${value ?? html`<abbr class="quiet" title=${missing}>–</abbr>`}</td>`;
  const number = (value: number | null): string | null => (value === null ? null : exact(value, locale));
  const isUnlimited = layers !== null && context === null;
  return html`<tr data-variant=${name}>
    <th scope="row">${name}</th>
    ${cell(kind === 'encoder-decoder' && layers !== null ? `${layers} + ${layers}` : number(layers))}
    ${cell(number(width))} ${cell(number(heads))} ${cell(parameters === null ? null : rounded(parameters))}
    ${cell(number(vocabulary))}
    ${cell(number(context), isUnlimited ? strings.archUnlimited : strings.histUnknown)}
  </tr>`;
}

function sources(variant: Variant, strings: ArchitectureStrings): TemplateResult {
  return html`<ul>
    ${citedFacts(variant).map(
      ({ citation, facts }) =>
        html`<li>
          ${citationText(citation)}
          <span class="quiet">(${facts.map((fact) => strings[factNames[fact]]).join(', ')})</span>
        </li>`,
    )}
  </ul>`;
}
