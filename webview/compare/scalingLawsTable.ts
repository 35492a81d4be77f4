import { type TemplateResult, html } from 'lit';
import { citationText } from '../../src/compare/citations';
import {
  type ScalingLaw,
  hoffmannLoss,
  kaplanDataLoss,
  kaplanLoss,
  scalingLaws,
} from '../../src/compare/scalingLaws';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { rounded } from './architectureNames';

const names = {
  kaplanParameters: 'histLawKaplanN',
  kaplanData: 'histLawKaplanD',
  hoffmann: 'histLawHoffmann',
} as const satisfies Record<ScalingLaw['name'], keyof ArchitectureStrings>;

/** Published laws of loss: formula, constants, what they give at a few sizes, source. */
export function scalingLawsTable(strings: ArchitectureStrings): TemplateResult {
  const gives = examples(strings);
  const heads = [
    strings.histLaws,
    strings.histFormula,
    strings.histConstants,
    strings.histGives,
    strings.histSource,
  ];
  return html`<p class="quiet note">${strings.histLawsHint}</p>
    <div class="wide-table" tabindex="0" role="group" aria-label=${strings.histLaws}>
      <table class="laws">
        <thead>
          <tr>
            ${heads.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${scalingLaws.map(
            (law) =>
              html`<tr>
                <th scope="row">${strings[names[law.name]]}</th>
                <td class="formula">${law.formula}</td>
                <td>
                  ${Object.entries(law.constants).map(
                    ([name, value]) => html`<span class="constant">${name} = ${constant(value)}</span> `,
                  )}
                </td>
                <td>
                  <ul>
                    ${gives[law.name].map((text) => html`<li>${text}</li>`)}
                  </ul>
                </td>
                <td>${citationText(law.source)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** As papers print it: a power of ten for what is large. */
function constant(value: number): string {
  if (value < 1e6) {
    return String(value);
  }
  const power = Math.floor(Math.log10(value));
  const digits = [...String(power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '').join('');
  return `${Number((value / 10 ** power).toPrecision(2))} · 10${digits}`;
}

function examples(strings: ArchitectureStrings): Readonly<Record<ScalingLaw['name'], readonly string[]>> {
  const loss = (value: number): string => value.toFixed(2);
  return {
    kaplanParameters: [1e6, 1e8, 1.75e11].map((n) =>
      fill(strings.histGivesN, rounded(n), loss(kaplanLoss(n))),
    ),
    kaplanData: [1e9, 3e11].map((d) => fill(strings.histGivesD, rounded(d), loss(kaplanDataLoss(d)))),
    // GPT-3, and Chinchilla, which reads four times as much with less than half the parameters.
    hoffmann: [
      { n: 1.75e11, d: 3e11 },
      { n: 7e10, d: 1.4e12 },
    ].map(({ n, d }) => fill(strings.histGivesBoth, rounded(n), rounded(d), loss(hoffmannLoss(n, d)))),
  };
}
