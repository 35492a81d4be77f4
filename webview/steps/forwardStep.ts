import { type TemplateResult, html } from 'lit';
import type { FeedForwardStep, LayerSteps, SublayerSteps, UnitTerm } from '../../src/protocol/layerSteps';
import { fill } from '../common/format';
import { numberText } from '../common/numberText';
import { activationCurve } from './activationCurve';
import { type StepFrame, comparedNumber } from './stepFrame';
import { type StripContext, vectorStrip } from './vectorStrip';

/** How the functions are called where they are read about. */
const names = {
  relu: 'ReLU',
  gelu: 'GELU',
  geluTanh: 'GELU',
  silu: 'SiLU',
  quickGelu: 'QuickGELU',
  tanh: 'tanh',
} as const satisfies Record<FeedForwardStep['activation'], string>;

/** The feed-forward layer: both matrices and what bends the units between them. */
export function forwardStep(
  { width }: LayerSteps,
  { feedForward, result }: SublayerSteps,
  context: StripContext,
): StepFrame {
  const { strings, dimension } = context;
  const step = feedForward as FeedForwardStep;
  const { innerWidth, activation, gated, quiet } = step;
  const name = names[activation];
  const inner = new Float32Array(step.inner.own ?? step.inner.found);
  const activated = new Float32Array(step.activated.own ?? step.activated.found);
  const own = new Float32Array(result.own ?? result.found);
  return {
    title: strings.stepsForward,
    formula: gated
      ? `(${name}(x·W_gate) ⊙ x·W_up) · W_down → ${numberText(own[dimension] ?? 0)}`
      : `${name}(x·W₁ + b₁) · W₂ + b₂ → ${numberText(own[dimension] ?? 0)}`,
    what: fill(gated ? strings.stepsGatedWhat : strings.stepsForwardWhat, width, innerWidth, name),
    why: fill(strings.stepsForwardWhy, quiet, innerWidth),
    code: 'feedForward',
    body: html`${vectorStrip(fill(strings.stepsInner, name), inner, context, false)}
    ${vectorStrip(fill(strings.stepsActivated, name), activated, context, false)}
    ${activationCurve(
      activation,
      gated ? [] : step.terms.map((term) => term.inner),
      fill(strings.stepsCurve, name),
    )}
    ${unitTerms(step.terms, own[dimension] ?? 0, context)}
    ${vectorStrip(strings.stepsForwarded, own, context)} ${comparedNumber(result, dimension, strings)}`,
  };
}

/** The largest terms of the followed number, and what is left for all others. */
function unitTerms(
  terms: readonly UnitTerm[],
  whole: number,
  { strings, dimension }: StripContext,
): TemplateResult {
  const rest = whole - terms.reduce((sum, { term }) => sum + term, 0);
  const most = Math.max(...terms.map(({ term }) => Math.abs(term)), Math.abs(rest), Number.MIN_VALUE);
  const line = (name: string, term: number, title: string): TemplateResult =>
    html`<li title=${title}>
      <span class="pair">${name}</span
      ><svg viewBox="-1 0 2 1" preserveAspectRatio="none" aria-hidden="true">
        <rect
          class=${term < 0 ? 'negative' : 'positive'}
          x=${Math.min(0, term / most)}
          width=${Math.abs(term / most)}
          height="1"
        ></rect></svg
      ><span class="number">${numberText(term)}</span>
    </li>`;
  return html`<p>${fill(strings.stepsUnitTerms, dimension)}</p>
    <ol class="terms units">
      ${terms.map(({ unit, inner, activated, weight, term }) =>
        line(
          fill(strings.stepsUnit, unit),
          term,
          fill(
            strings.stepsUnitTitle,
            unit,
            numberText(inner),
            numberText(activated),
            numberText(weight),
            numberText(term),
          ),
        ),
      )}
      ${line(strings.stepsRest, rest, strings.stepsRest)}
    </ol>`;
}
