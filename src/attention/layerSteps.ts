import type { LayerGap, LayerSteps, NormStep, SublayerSteps } from '../protocol/layerSteps';
import { applyLinear } from '../scratch/linear';
import { add } from '../scratch/elementwise';
import { headShare } from '../scratch/headShare';
import type { Matrix } from '../scratch/matrix';
import { type Norm, normalize } from '../scratch/normalization';
import { type ByteRange, roundToBytes } from '../scratch/roundToBytes';
import type { SublayerWeights } from '../scratch/sublayerWeights';
import { feedForwardStep, foundForward, runForward } from './feedForwardStep';
import type { SublayerParts } from './sublayerParts';
import { bufferOf, rowMatrix, vector } from './stepVector';

/**
 * Recomputes what a layer does to one token, each step from the model's own numbers one step before; and the whole
 * layer once more from the heads' outputs on, with nothing of the model's between.
 * @param numHeads of each half block, in order; whatever for a feed-forward layer
 * @param dimension the one number of the vector that is taken apart
 */
export function layerSteps(
  parts: readonly SublayerParts[],
  numHeads: readonly number[],
  dimension: number,
  facts: Pick<LayerSteps, 'rounds' | 'half'> & { readonly gap: LayerGap | null },
): LayerSteps {
  const sublayers = parts.map((each, place) => sublayerSteps(each, numHeads[place] ?? 1, dimension));
  const width = parts[0]?.rows.stream.length ?? 0;
  const last = sublayers.at(-1);
  const own = last ? (last.after ? last.after.own : last.sum.own) : null;
  const found = chained(parts);
  return { width, sublayers, output: vector(found, own), ...facts };
}

function sublayerSteps(part: SublayerParts, numHeads: number, dimension: number): SublayerSteps {
  const { rows, weights } = part;
  const { stream, input, inner, result, kind } = rows;
  const isForward = kind === 'feedForward';
  const forward = isForward ? feedForwardStep(part, dimension) : undefined;
  const found = forward
    ? forward.result
    : applyLinear(weights.output, rowMatrix(rounded(inner, rows.ranges?.inner))).data;
  const sum = add(rowMatrix(stream), rowMatrix(result)).data;
  return {
    kind,
    stream: bufferOf(stream),
    before: weights.before ? normStep(weights.before, stream, input) : null,
    shares: isForward ? null : shares(weights, rounded(inner, rows.ranges?.inner), numHeads),
    feedForward: forward?.step ?? null,
    result: vector(found, bufferOf(result)),
    sum: vector(sum, rows.sum ? bufferOf(rows.sum) : null),
    after: weights.after ? normStep(weights.after, rows.sum ?? sum, rows.after) : null,
  };
}

/** Concat(heads)·W_O, head by head. */
function shares(
  { output }: SublayerWeights,
  concatenated: Float32Array,
  numHeads: number,
): SublayerSteps['shares'] {
  const headWidth = concatenated.length / numHeads;
  const all = new Float32Array(numHeads * output.weight.columns);
  for (let head = 0; head < numHeads; head++) {
    const headOutput = rowMatrix(concatenated.subarray(head * headWidth, (head + 1) * headWidth));
    all.set(headShare(output, head, headOutput).data, head * output.weight.columns);
  }
  return { shares: bufferOf(all), numHeads, bias: output.bias ? bufferOf(output.bias) : null };
}

function normStep(norm: Norm, input: Float32Array, own: Float32Array | undefined): NormStep {
  const mean = norm.form === 'layer' ? meanOf(input) : 0;
  const spread = Math.sqrt(meanOf(input.map((value) => (value - mean) ** 2)) + norm.epsilon);
  return {
    ...vector(normalize(norm, rowMatrix(input)).data, own ? bufferOf(own) : null),
    form: norm.form,
    epsilon: norm.epsilon,
    input: bufferOf(input),
    mean,
    spread,
    scale: bufferOf(norm.scale),
    shift: norm.shift ? bufferOf(norm.shift) : null,
  };
}

/** From the heads' outputs and the stream that enters to what leaves the layer. */
function chained(parts: readonly SublayerParts[]): Float32Array {
  let stream: Matrix | undefined;
  for (const part of parts) {
    const { rows, weights } = part;
    const x: Matrix = stream ?? rowMatrix(rows.stream);
    let result: Matrix;
    if (rows.kind === 'feedForward') {
      const input = weights.before ? normalize(weights.before, x) : x;
      result = rowMatrix(runForward(foundForward(part), input.data, rows.ranges).output);
    } else {
      result = applyLinear(weights.output, rowMatrix(rounded(rows.inner, rows.ranges?.inner)));
    }
    const sum = add(x, result);
    stream = weights.after ? normalize(weights.after, sum) : sum;
  }
  return stream?.data ?? new Float32Array(0);
}

/** As the file multiplies it. */
function rounded(values: Float32Array, range: ByteRange | undefined): Float32Array {
  return range ? roundToBytes(values, range) : values;
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
