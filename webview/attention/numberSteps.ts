import { type TemplateResult, html, nothing } from 'lit';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { CodeStep, ExplainRequest, ExplainedWeight } from '../../src/protocol/oneNumber';
import { fill } from '../common/format';
import { signedBars } from './numberBars';
import { addedText, numberText } from '../common/numberText';
import { numberTerms } from './numberTerms';
import type { Token } from '../../src/protocol/model';

/** A recomputed weight may miss the model's own by so much from rounding; more is another computation. */
const tolerance = 1e-3;

/** What the steps need beside the numbers. */
export interface StepSurroundings {
  readonly strings: AttentionStrings;
  /** The tokens that are attended to. */
  readonly keys: readonly Token[];
  showCode(step: CodeStep): void;
}

/** The way from q·k to the head's output, one step an item. */
export function numberSteps(
  of: ExplainRequest,
  weight: ExplainedWeight,
  { strings, keys, showCode }: StepSurroundings,
): TemplateResult {
  const step = (
    name: CodeStep,
    title: string,
    formula: string,
    text: string,
    before: TemplateResult | typeof nothing = nothing,
    behind: TemplateResult | typeof nothing = nothing,
  ): TemplateResult =>
    html`<li data-step=${name}>
      <div class="step-head">
        <h3>${title} <span class="formula">${formula}</span></h3>
        <button
          type="button"
          class="link"
          aria-label=${fill(strings.numberCodeOf, title)}
          @click=${() => {
            showCode(name);
          }}
        >
          ${strings.numberCode}
        </button>
      </div>
      ${before}
      <p class="quiet">${text}</p>
      ${behind}
    </li>`;
  const { score, scaled, masked, rowMaximum, rowTotal, power } = weight;
  const width = new Float32Array(weight.q).length;
  const powerFormula = `e^(${masked === null ? '−∞' : numberText(masked)} − ${addedText(rowMaximum)}) ÷ ${numberText(rowTotal)}`;
  return html`<ol class="steps">
    ${step(
      'product',
      strings.numberProducts,
      `= ${numberText(score)}`,
      productText(weight, width, strings),
      products(weight, strings),
    )}
    ${step('scale', strings.numberScale, `${scaleFormula(weight, width)} = ${numberText(scaled)}`, scaleText(weight, width, strings))}
    ${step('mask', strings.numberMask, maskFormula(weight), maskText(of, weight, strings))}
    ${step(
      'softmax',
      strings.numberSoftmax,
      `${powerFormula} = ${numberText(power / rowTotal)}`,
      fill(strings.numberSoftmaxText, numberText(rowMaximum), keys.length),
    )}
    ${step('weight', strings.numberWeight, '', agreement(weight, strings), comparison(weight, strings))}
    ${step(
      'values',
      strings.numberOutput,
      '',
      fill(strings.numberOutputText, weight.outputWidth, numberText(weight.outputNorm)),
      nothing,
      numberTerms(weight.terms, keys, of.key, strings),
    )}
  </ol>`;
}

function productText({ sharedBy }: ExplainedWeight, width: number, strings: AttentionStrings): string {
  const text = fill(strings.numberProductsText, width);
  return sharedBy === 1 ? text : `${text} ${fill(strings.numberProductsShared, sharedBy)}`;
}

function products(
  { q, k, products: packed, score }: ExplainedWeight,
  strings: AttentionStrings,
): TemplateResult {
  const [queries, keys, values] = [new Float32Array(q), new Float32Array(k), new Float32Array(packed)];
  const most = values.reduce((largest, value) => Math.max(largest, value), -Infinity);
  const least = values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
  const label = fill(
    strings.numberProductsBars,
    values.length,
    numberText(most),
    numberText(least),
    numberText(score),
  );
  return html`${signedBars(values, label)}
    <details>
      <summary>${strings.numberValues}</summary>
      <div class="layers" tabindex="0" role="region" aria-label=${strings.numberValues}>
        <table>
          <thead>
            <tr>
              <th scope="col">i</th>
              <th scope="col" class="number">q</th>
              <th scope="col" class="number">k</th>
              <th scope="col" class="number">q · k</th>
            </tr>
          </thead>
          <tbody>
            ${Array.from(
              values,
              (value, place) =>
                html`<tr>
                  <th scope="row">${place}</th>
                  <td class="number">${numberText(queries[place]!)}</td>
                  <td class="number">${numberText(keys[place]!)}</td>
                  <td class="number">${numberText(value)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

function scaleFormula({ score, scale, scaleKind }: ExplainedWeight, width: number): string {
  const factor =
    scaleKind === 'root' ? `÷ √${width}` : scaleKind === 'none' ? '× 1' : `× ${numberText(scale)}`;
  return `${numberText(score)} ${factor}`;
}

function scaleText({ scaleKind }: ExplainedWeight, width: number, strings: AttentionStrings): string {
  const text = {
    root: strings.numberScaleRoot,
    none: strings.numberScaleNone,
    own: strings.numberScaleOwn,
  }[scaleKind];
  return fill(text, width);
}

function maskFormula({ scaled, addendKind, addend, masked }: ExplainedWeight): string {
  const added = addendKind === 'mask' ? '(−∞)' : addendKind === 'unknown' ? '?' : addedText(addend);
  return `${numberText(scaled)} + ${added} = ${masked === null ? '−∞' : numberText(masked)}`;
}

function maskText(
  { query, key }: ExplainRequest,
  { addendKind, addend }: ExplainedWeight,
  strings: AttentionStrings,
): string {
  switch (addendKind) {
    case 'none':
      return strings.numberMaskNone;
    case 'mask':
      return strings.numberMaskHidden;
    case 'distance':
      return fill(strings.numberMaskDistance, key - query < 0 ? `−${query - key}` : key - query);
    case 'key':
      return strings.numberMaskKey;
    case 'unknown':
      return fill(strings.numberMaskUnknown, numberText(Math.abs(addend)));
  }
}

function comparison({ weight, own, difference }: ExplainedWeight, strings: AttentionStrings): TemplateResult {
  const line = (name: string, value: string, title: string): TemplateResult =>
    html`<div title=${title}>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="weights">
    ${line(strings.numberRecomputed, weight.toFixed(7), String(weight))}
    ${line(strings.numberOwn, own.toFixed(7), String(own))}
    ${line(strings.numberDifference, difference === 0 ? '0' : difference.toExponential(1), String(difference))}
  </dl>`;
}

function agreement({ largestDifference }: ExplainedWeight, strings: AttentionStrings): string {
  const size = largestDifference === 0 ? '0' : largestDifference.toExponential(1);
  return fill(largestDifference > tolerance ? strings.numberOff : strings.numberSame, size);
}
