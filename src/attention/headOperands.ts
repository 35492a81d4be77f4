import type { Operand } from '../onnx/attentionBlock';
import { type Matrix, matrix, transpose } from '../scratch/matrix';

/** A tensor of queries, keys or values as it came out of a graph, for one text. */
export interface OperandTensor {
  readonly layout: Operand['layout'];
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What one layer's attention is computed from. */
export interface LayerOperands {
  readonly queries: OperandTensor;
  readonly keys: OperandTensor;
  readonly values: OperandTensor;
  /** What the softmax sees, `[heads, queries, keys]`, where the graph shows it. */
  readonly scores: Float32Array | undefined;
}

/** What one head's attention is computed from; tokens are rows. */
export interface HeadOperands {
  readonly q: Matrix;
  readonly k: Matrix;
  readonly v: Matrix;
  readonly scores: Float32Array | undefined;
  /** How many query heads share these keys and values: 1 in plain multi-head attention (Ainslie et al. 2023). */
  readonly sharedBy: number;
}

/**
 * Takes a head out of its layer. Keys and values may have fewer heads than queries.
 * @param numHeads of the queries
 * @param numKeys as many as there are queries, but in cross attention
 * @returns undefined where the shapes do not fit together
 */
export function headOperands(
  { queries, keys, values, scores }: LayerOperands,
  head: number,
  numHeads: number,
  numTokens: number,
  numKeys = numTokens,
): HeadOperands | undefined {
  const q = headRows(queries, head, numHeads, numTokens);
  if (!q) {
    return undefined;
  }
  const numKeyHeads = keys.data.length / (numKeys * q.columns);
  const sharedBy = numHeads / numKeyHeads;
  if (!Number.isInteger(numKeyHeads) || !Number.isInteger(sharedBy)) {
    return undefined;
  }
  const keyHead = Math.floor(head / sharedBy);
  const k = headRows(keys, keyHead, numKeyHeads, numKeys);
  const v = headRows(values, keyHead, numKeyHeads, numKeys);
  if (!k || !v || k.columns !== q.columns) {
    return undefined;
  }
  const cells = numTokens * numKeys;
  const own =
    scores?.length === numHeads * cells ? scores.subarray(head * cells, (head + 1) * cells) : undefined;
  return { q, k, v, scores: own, sharedBy };
}

/** The rows of one head, `[tokens, size]`, from any layout. */
function headRows(
  { layout, dims, data }: OperandTensor,
  head: number,
  numHeads: number,
  numTokens: number,
): Matrix | undefined {
  const width = data.length / (numTokens * numHeads);
  if (!Number.isInteger(width) || width === 0) {
    return undefined;
  }
  const [third, fourth] = dims.slice(-2);
  const block = data.subarray(head * numTokens * width, (head + 1) * numTokens * width);
  switch (layout) {
    case 'BHSD':
      return third === numTokens && fourth === width ? matrix(numTokens, width, block) : undefined;
    case 'BHDS':
      return third === width && fourth === numTokens ? transpose(matrix(width, numTokens, block)) : undefined;
    case 'BSH': {
      if (third !== numTokens) {
        return undefined;
      }
      const rows = matrix(numTokens, width);
      for (let token = 0; token < numTokens; token++) {
        const from = (token * numHeads + head) * width;
        rows.data.set(data.subarray(from, from + width), token * width);
      }
      return rows;
    }
  }
}
