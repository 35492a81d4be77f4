import type { Value } from './numbers';
import { addProduct, turned, view } from './product';
import type { Tape } from './tape';

/** What `scratch/linear` reads, with gradients: x ↦ x·W + b. */
export interface LinearValues {
  /** W, `[inputWidth, outputWidth]`. */
  readonly weight: Value;
  /** b, `[1, outputWidth]`. */
  readonly bias: Value;
}

/**
 * y = x·W + b: `[rows, inputWidth]` → `[rows, outputWidth]`. Backwards, with g the gradient of y:
 *
 *     W.grad += xᵀ·g      b.grad += the sum of g’s rows      x.grad += g·Wᵀ
 */
export function linearStep(tape: Tape, { weight, bias }: LinearValues, x: Value): Value {
  const y = tape.value(x.rows, weight.columns);
  const size = [x.rows, x.columns, weight.columns] as const;
  for (let row = 0; row < y.rows; row++) {
    y.data.set(bias.data, row * y.columns);
  }
  addProduct(view(y.data, y.columns), view(x.data, x.columns), view(weight.data, weight.columns), size);
  tape.record(() => {
    const g = view(y.grad, y.columns);
    addProduct(view(weight.grad, weight.columns), turned(view(x.data, x.columns)), g, [
      size[1],
      size[0],
      size[2],
    ]);
    addProduct(view(x.grad, x.columns), g, turned(view(weight.data, weight.columns)), [
      size[0],
      size[2],
      size[1],
    ]);
    for (let at = 0; at < y.grad.length;) {
      for (let column = 0; column < y.columns; column++) {
        bias.grad[column]! += y.grad[at++]!;
      }
    }
  });
  return y;
}
