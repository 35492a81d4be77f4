import { type TemplateResult, html } from 'lit';
import type { LayerSteps, SharesStep, SublayerSteps } from '../../src/protocol/layerSteps';
import { fill } from '../common/format';
import { numberText } from '../common/numberText';
import { comparedNumber, sumText } from './stepFrame';
import type { StepFrame } from './stepFrame';
import { type StripContext, vectorStrip } from './vectorStrip';

/** What each head adds to the token through its slice of W_O. */
export function headsStep(
  { width }: LayerSteps,
  { shares: step, result }: SublayerSteps,
  head: number,
  context: StripContext,
  chooseHead: (head: number) => void,
): StepFrame {
  const { strings, dimension } = context;
  const { numHeads, bias, shares } = step as SharesStep;
  const all = new Float32Array(shares);
  const values = Array.from({ length: numHeads }, (_, each) => all[each * width + dimension] ?? 0);
  const own = new Float32Array(result.own ?? result.found);
  const added = bias ? (new Float32Array(bias)[dimension] ?? 0) : undefined;
  const shown = Math.min(head, numHeads - 1);
  const share = all.subarray(shown * width, (shown + 1) * width);
  return {
    title: strings.stepsHeads,
    // A model of many heads would fill lines with them; the bars below show each.
    formula:
      numHeads > 8 ? '' : sumText(added === undefined ? values : [...values, added], own[dimension] ?? 0),
    what: fill(strings.stepsHeadsWhat, numHeads),
    why: fill(strings.stepsHeadsWhy, width),
    code: 'heads',
    body: html`${headBars(values, shown, context, chooseHead)}
    ${vectorStrip(fill(strings.stepsShareOf, shown), share, context)}
    ${vectorStrip(strings.stepsAttended, own, context)} ${comparedNumber(result, dimension, strings)}`,
  };
}

/** One button a head, as high or as deep as what it adds. */
function headBars(
  values: readonly number[],
  shown: number,
  { strings, dimension }: StripContext,
  chooseHead: (head: number) => void,
): TemplateResult {
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const label = fill(strings.stepsHeadsChart, dimension, values.map(numberText).join(', '));
  return html`<div class="head-bars" role="group" aria-label=${label}>
    ${values.map((value, head) => {
      const title = fill(strings.stepsShareTitle, head, numberText(value));
      // Three eighths of the button up or down; what is left below is the head's name.
      const size = (Math.abs(value) / most) * 37;
      return html`<button
        type="button"
        class=${value < 0 ? 'negative' : 'positive'}
        title=${title}
        aria-label=${title}
        aria-pressed=${String(head === shown)}
        @click=${() => {
          chooseHead(head);
        }}
      >
        <span class="bar" .style="height:${size}%;${value < 0 ? 'top:50%' : 'bottom:50%'}"></span
        ><span class="name">${head}</span>
      </button>`;
    })}
  </div>`;
}
