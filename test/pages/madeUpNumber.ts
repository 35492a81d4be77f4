import { oneNumber, readingOf } from '../../src/attention/oneNumber';
import { ScopeError } from '../../src/protocol/errors';
import type { ExplainRequest, ExplainedWeight } from '../../src/protocol/oneNumber';
import { scaledDotProductAttention } from '../../src/scratch/attention';
import { causalMask } from '../../src/scratch/masks';
import { type Matrix, matrix } from '../../src/scratch/matrix';

/** What the made-up model adds to its scores, or why nothing can be told. */
export type NumberCase = 'plain' | 'distance' | 'unknown' | 'hidden' | 'broken';

const headWidth = 16;

/** One number of a head of made-up queries, keys and values; its softmax and sums are real. */
export function madeUpNumber(
  { layer, head, query, key }: ExplainRequest,
  numTokens: number,
  causal: boolean,
  kind: NumberCase,
): ExplainedWeight {
  if (kind === 'hidden') {
    throw new ScopeError('modelUnsupported', 'model.onnx: GroupQueryAttention, queries');
  }
  if (kind === 'broken') {
    throw new ScopeError('inferenceFailed', 'a tensor is missing');
  }
  const rows = (seed: number): Matrix =>
    matrix(
      numTokens,
      headWidth,
      Float32Array.from({ length: numTokens * headWidth }, (_, at) =>
        Math.sin((at + 1) * (seed + 1.7 * layer + 0.9 * head)),
      ),
    );
  const [q, k, v] = [rows(1.1), rows(2.3), rows(3.7)];
  const bias = matrix(numTokens, numTokens);
  bias.data.forEach((_, cell) => {
    const distance = (cell % numTokens) - Math.floor(cell / numTokens);
    bias.data[cell] =
      kind === 'plain' ? 0 : kind === 'distance' ? -0.25 * Math.abs(distance) : Math.sin(cell);
  });
  const { masked, weights } = scaledDotProductAttention(q, k, v, {
    bias,
    ...(causal && { mask: causalMask(numTokens) }),
  });
  const operands = { q, k, v, scores: masked.data, sharedBy: 1 };
  return oneNumber(operands, readingOf(operands, causal), weights.data, query, key);
}
