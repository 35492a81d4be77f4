import type { Linear } from './linear';
import { type Matrix, matrix } from './matrix';
import { multiply } from './matrixProduct';

/**
 * What one head adds to the residual stream. Concat(head₁, …, head_h)·W_O is the same as Σ headᵢ·W_Oᵢ, where W_Oᵢ are
 * the rows of W_O that meet that head's columns: so the heads' shares, and the bias, add up to the attention's output.
 * @param output W_O of all heads, `[numHeads · headWidth, modelWidth]`
 * @param head from 0
 * @param headOutput `[queryPositions, headWidth]`
 * @returns `[queryPositions, modelWidth]`
 * @throws {RangeError} when W_O has no rows for this head
 */
export function headShare({ weight }: Linear, head: number, headOutput: Matrix): Matrix {
  const headWidth = headOutput.columns;
  const rows = weight.data.subarray(
    head * headWidth * weight.columns,
    (head + 1) * headWidth * weight.columns,
  );
  return multiply(headOutput, matrix(headWidth, weight.columns, rows));
}
