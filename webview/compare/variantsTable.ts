import { type TemplateResult, html } from 'lit';
import { citationText, citedFacts } from '../../src/compare/citations';
import { type Variant, type VariantFact, variants } from '../../src/compare/variants';
import type { Bilingual } from '../../src/compare/works';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
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

/** The published family: sizes in rows, what a paper's sizes have in common once. */
export function variantsTable(strings: ArchitectureStrings, locale: string): TemplateResult {
  return html`<p class="quiet note">${strings.histVariantsHint}</p>
    <div class="wide-table" tabindex="0" role="group" aria-label=${strings.histVariants}>
      <table class="variants">
        <thead>
          <tr>
            ${[strings.histModel, strings.histYear, strings.archKind].map(textHead)}
            ${[
              ...[strings.archLayers, strings.histWidth, strings.histHeadsShort, strings.archParameters],
              ...[strings.archVocabulary, strings.histContextShort],
            ].map((name) => html`<th scope="col" class="number">${name}</th>`)}
            ${[strings.histData, strings.histObjective, strings.histPoint, strings.histSource].map(textHead)}
          </tr>
        </thead>
        ${groups().map((group) => groupRows(group, strings, locale))}
      </table>
    </div>`;
}

function textHead(name: string): TemplateResult {
  return html`<th scope="col">${name}</th>`;
}

/** Rows that share their paper's point stand together. */
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

function groupRows(group: readonly Variant[], strings: ArchitectureStrings, locale: string): TemplateResult {
  const [first] = group;
  if (!first) {
    return html``;
  }
  const number = (value: number | null): TemplateResult =>
    value === null
      ? html`<td class="number quiet"><abbr title=${strings.histUnknown}>–</abbr></td>`
      : html`<td class="number">${exact(value, locale)}</td>`;
  const shared = (content: unknown, className = ''): TemplateResult =>
    html`<td class=${className} rowspan=${group.length}>${content}</td>`;
  return html`<tbody>
    ${group.map(
      (variant, index) =>
        html`<tr>
          <th scope="row">${variant.name}</th>
          ${index === 0 ? html`${shared(variant.year)}${shared(strings[kindNames[variant.kind]])}` : ''}
          ${
            variant.kind === 'encoder-decoder' && variant.layers !== null
              ? html`<td class="number">${variant.layers} + ${variant.layers}</td>`
              : number(variant.layers)
          }
          ${number(variant.width)}${number(variant.heads)}
          ${
            variant.parameters === null
              ? number(null)
              : html`<td class="number">${rounded(variant.parameters)}</td>`
          }
          ${
            index === 0
              ? html`<td class="number" rowspan=${group.length}>
                    ${variant.vocabulary === null ? '–' : exact(variant.vocabulary, locale)}
                  </td>
                  <td class="number" rowspan=${group.length}>
                    ${variant.context === null ? '–' : exact(variant.context, locale)}
                  </td>
                  ${shared(inLanguage(variant.data, locale), 'prose')}
                  ${shared(inLanguage(variant.objective, locale), 'prose')}
                  ${shared(inLanguage(variant.point, locale), 'prose point')}
                  ${shared(sources(variant, strings), 'prose sources')}`
              : ''
          }
        </tr>`,
    )}
  </tbody>`;
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
