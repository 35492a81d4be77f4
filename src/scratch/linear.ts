import { addToRows } from './elementwise';
import type { Matrix } from './matrix';
import { multiply } from './matrixProduct';

/** A layer of weights: x ↦ x·W + b. */
export interface Linear {
  /** W, `[inputWidth, outputWidth]` as in the paper; PyTorch's `nn.Linear` stores its transpose. */
  readonly weight: Matrix;
  /** b, `outputWidth` numbers; many newer models have none. */
  readonly bias?: Float32Array;
}

/** x·W + b: `[positions, inputWidth]` → `[positions, outputWidth]`. */
export function applyLinear({ weight, bias }: Linear, x: Matrix): Matrix {
  const product = multiply(x, weight);
  return bias ? addToRows(product, bias) : product;
}
