import { html } from 'lit';
import type { LayerSteps, NormStep, SublayerSteps } from '../../src/protocol/layerSteps';
import { fill } from '../common/format';
import { addedText, numberText } from '../common/numberText';
import { type StepFrame, comparedNumber, sumText } from './stepFrame';
import { type StripContext, vectorStrip } from './vectorStrip';

/** The residual addition. */
export function addStep({ kind, stream, result, sum }: SublayerSteps, context: StripContext): StepFrame {
  const { strings, dimension } = context;
  const x = new Float32Array(stream);
  const added = new Float32Array(result.own ?? result.found);
  const both = new Float32Array(sum.own ?? sum.found);
  const name = kind === 'feedForward' ? strings.stepsForwarded : strings.stepsAttended;
  return {
    title: strings.stepsAdd,
    formula: sumText([x[dimension] ?? 0, added[dimension] ?? 0], both[dimension] ?? 0),
    what: strings.stepsAddWhat,
    why: fill(strings.stepsAddWhy, lengthOf(added), lengthOf(x)),
    code: 'add',
    body: html`${vectorStrip(strings.stepsStream, x, context)} ${vectorStrip(name, added, context)}
    ${vectorStrip(strings.stepsAdded, both, context)} ${comparedNumber(sum, dimension, strings)}`,
  };
}

/** A layer norm or an RMS norm. */
export function normStep({ width }: LayerSteps, norm: NormStep, context: StripContext): StepFrame {
  const { strings, dimension } = context;
  const input = new Float32Array(norm.input);
  const output = new Float32Array(norm.own ?? norm.found);
  const scale = new Float32Array(norm.scale)[dimension] ?? 1;
  const shift = norm.shift ? new Float32Array(norm.shift)[dimension] : undefined;
  const value = input[dimension] ?? 0;
  const isLayer = norm.form === 'layer';
  const centred = isLayer ? `(${numberText(value)} − ${addedText(norm.mean)})` : numberText(value);
  const formula = [
    `${centred} ÷ ${numberText(norm.spread)} × ${addedText(scale)}`,
    shift === undefined ? '' : ` + ${addedText(shift)}`,
    ` = ${numberText(output[dimension] ?? 0)}`,
  ].join('');
  return {
    title: isLayer ? strings.stepsLayerNorm : strings.stepsRmsNorm,
    formula,
    what: fill(isLayer ? strings.stepsNormWhat : strings.stepsRmsWhat, width),
    why: strings.stepsNormWhy,
    code: 'norm',
    body: html`${vectorStrip(strings.stepsNormBefore, input, context)}
    ${vectorStrip(strings.stepsNormed, output, context)} ${comparedNumber(norm, dimension, strings)}`,
  };
}

function lengthOf(vector: Float32Array): string {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)).toFixed(2);
}
