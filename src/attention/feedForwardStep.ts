import type { FeedForwardStep, UnitTerm } from '../protocol/layerSteps';
import { type Activation, activations } from '../scratch/activations';
import { type FeedForwardWeights, feedForward } from '../scratch/feedForward';
import { type Linear, applyLinear } from '../scratch/linear';
import { roundToBytes } from '../scratch/roundToBytes';
import type { SublayerParts, SublayerRows } from './sublayerParts';
import { largestDifference, rowMatrix, vector } from './stepVector';

/** Terms of one number that are told. */
const numTerms = 5;
/** A unit whose activation is smaller than this share of the largest is quiet. */
const quietShare = 0.01;
const candidates = ['gelu', 'geluTanh', 'relu', 'silu', 'quickGelu', 'tanh'] as const satisfies Activation[];

/** Two activations whose results lie this near each other cannot be told apart in numbers of 16 bits. */
const nearby = 1e-3;

/** Hugging Face's names, where they are others. */
const namesInConfig: Readonly<Record<string, Activation>> = {
  gelu_new: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
  swish: 'silu',
  quick_gelu: 'quickGelu',
};

/**
 * The feed-forward layer as its numbers show it: the activation is the one that makes what stands behind it out of what
 * stands in front, and of two matrices the gate is the one that is bent.
 */
export function foundForward({ rows, weights, activation: told }: SublayerParts): FeedForwardWeights {
  const { up = [], inner } = rows;
  const matrices = weights.up ?? [];
  const isGated = matrices.length === 2;
  const orders = isGated
    ? [
        { bent: 0, plain: 1 },
        { bent: 1, plain: 0 },
      ]
    : [{ bent: 0, plain: undefined }];
  const tried = orders.flatMap(({ bent, plain }) =>
    candidates.map((activation) => {
      const bend = activations[activation];
      const factor = plain === undefined ? undefined : up[plain];
      const made = up[bent]?.map((value, at) => bend(value) * (factor?.[at] ?? 1)) ?? new Float32Array(0);
      return { activation, bent, plain, off: largestDifference(made, inner) };
    }),
  );
  const nearest = tried.reduce((best, each) => (each.off < best.off ? each : best));
  const name = told === undefined ? undefined : (namesInConfig[told] ?? told);
  const chosen = tried.find((each) => each.activation === name && each.off < nearest.off + nearby) ?? nearest;
  const bent = matrices[chosen.bent] as Linear;
  const plain = chosen.plain === undefined ? undefined : matrices[chosen.plain];
  return {
    activation: chosen.activation,
    up: plain ?? bent,
    ...(plain && { gate: bent }),
    down: weights.output,
  };
}

/** The layer on one token; where the file makes whole numbers of what it multiplies, so does this. */
export function runForward(
  found: FeedForwardWeights,
  input: Float32Array,
  ranges: SublayerRows['ranges'],
): { readonly inner: Float32Array; readonly activated: Float32Array; readonly output: Float32Array } {
  const read = ranges ? roundToBytes(input, ranges.input) : input;
  const steps = feedForward(found, rowMatrix(read));
  const inner = steps.inner.data;
  const activated = steps.activated.data;
  const output = ranges
    ? applyLinear(found.down, rowMatrix(roundToBytes(activated, ranges.inner))).data
    : steps.output.data;
  return { inner, activated, output };
}

/** The feed-forward layer of one token, step by step. @param dimension the number that is taken apart */
export function feedForwardStep(
  part: SublayerParts,
  dimension: number,
): { readonly step: FeedForwardStep; readonly result: Float32Array } {
  const { rows, weights } = part;
  const found = foundForward(part);
  const { inner, activated, output } = runForward(found, rows.input, rows.ranges);
  const bent = (weights.up ?? []).indexOf(found.gate ?? found.up);
  const own = rows.inner;
  const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const step: FeedForwardStep = {
    activation: found.activation as FeedForwardStep['activation'],
    gated: found.gate !== undefined,
    innerWidth: own.length,
    inner: vector(inner, rows.up?.[bent] ?? null),
    activated: vector(activated, own),
    quiet: own.reduce((count, value) => count + (Math.abs(value) < quietShare * largest ? 1 : 0), 0),
    terms: largestTerms(rows.up?.[bent] ?? inner, own, found.down, dimension),
    bias: found.down.bias?.[dimension] ?? 0,
  };
  return { step, result: output };
}

function largestTerms(
  inner: Float32Array,
  activated: Float32Array,
  { weight }: Linear,
  dimension: number,
): UnitTerm[] {
  return Array.from(activated, (value, unit) => {
    const factor = weight.data[unit * weight.columns + dimension]!;
    return { unit, inner: inner[unit]!, activated: value, weight: factor, term: value * factor };
  })
    .sort((a, b) => Math.abs(b.term) - Math.abs(a.term) || a.unit - b.unit)
    .slice(0, numTerms);
}
