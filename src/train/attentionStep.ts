import type { Numbers, Value } from './numbers';
import { type View, addProduct, turned, view } from './product';
import type { Tape } from './tape';

/** How the rows of a batch are to be read. */
export interface Heads {
  readonly numHeads: number;
  /** Rows that belong to one sequence; sequences lie one behind the other. */
  readonly positions: number;
  /** Whether later keys are hidden. */
  readonly causal: boolean;
}

/**
 * `scratch/attention` for all heads of all sequences of a batch, Vaswani et al. 2017, equation (1). Backwards, for one
 * head with weights P = softmax(S), S = Q·Kᵀ/√d, output O = P·V and g the gradient of O:
 *
 *     V.grad += Pᵀ·g
 *     P.grad  = g·Vᵀ
 *     S.grad  = P ⊙ (P.grad − the sum over each row of P ⊙ P.grad)       (the softmax)
 *     Q.grad += S.grad·K/√d      K.grad += S.gradᵀ·Q/√d
 *
 * Masked keys have weight 0, hence no gradient.
 * @param q `[sequences · positions, modelWidth]`, the heads side by side; so are k and v
 */
export function attentionStep(
  tape: Tape,
  { q, k, v }: Readonly<Record<'q' | 'k' | 'v', Value>>,
  heads: Heads,
): Value {
  const { numHeads, positions } = heads;
  const width = q.columns;
  const headWidth = width / numHeads;
  const scale = 1 / Math.sqrt(headWidth);
  const cells = positions * positions;
  const output = tape.value(q.rows, width);
  const weights = tape.numbers((q.rows / positions) * numHeads * cells);
  const sums = tape.numbers(cells);
  const square = [positions, headWidth, positions] as const;
  const oblong = [positions, positions, headWidth] as const;
  /** For each head of each sequence: where its columns begin, and where its weights. */
  const eachHead = (visit: (part: (data: Numbers) => View, own: View) => void): void => {
    let at = 0;
    for (let first = 0; first < q.rows * width; first += positions * width) {
      for (let head = 0; head < numHeads; head++) {
        visit((data) => view(data, width, first + head * headWidth), view(weights, positions, at));
        at += cells;
      }
    }
  };
  eachHead((part, own) => {
    addProduct(own, part(q.data), turned(part(k.data)), square, scale);
    softmaxInPlace(weights, own.offset, heads);
    addProduct(part(output.data), own, part(v.data), oblong);
  });
  tape.record(() => {
    const grad = view(sums, positions);
    eachHead((part, own) => {
      const g = part(output.grad);
      addProduct(part(v.grad), turned(own), g, oblong);
      sums.fill(0);
      addProduct(grad, g, turned(part(v.data)), square);
      softmaxBackwards(sums, weights, own.offset, positions);
      addProduct(part(q.grad), grad, part(k.data), oblong, scale);
      addProduct(part(k.grad), turned(grad), part(q.data), oblong, scale);
    });
  });
  return output;
}

/** Scores of one head become weights; hidden keys get none. */
function softmaxInPlace(scores: Numbers, offset: number, { positions, causal }: Heads): void {
  for (let query = 0; query < positions; query++) {
    const first = offset + query * positions;
    const end = first + (causal ? query + 1 : positions);
    let most = -Infinity;
    for (let at = first; at < end; at++) {
      most = Math.max(most, scores[at]!);
    }
    let total = 0;
    for (let at = first; at < end; at++) {
      total += scores[at] = Math.exp(scores[at]! - most);
    }
    for (let at = first; at < end; at++) {
      scores[at]! /= total;
    }
    scores.fill(0, end, first + positions);
  }
}

/** Turns the gradient of the weights of one head into that of its scores, in place. */
function softmaxBackwards(grad: Numbers, weights: Numbers, offset: number, positions: number): void {
  for (let first = 0; first < grad.length; first += positions) {
    let sum = 0;
    for (let at = first; at < first + positions; at++) {
      sum += grad[at]! * weights[offset + at]!;
    }
    for (let at = first; at < first + positions; at++) {
      grad[at] = weights[offset + at]! * (grad[at]! - sum);
    }
  }
}
