import type { Value } from './numbers';
import type { Tape } from './tape';

/**
 * The mean cross-entropy of each row's softmax with the class that is right, in nats: −log p(target). Backwards a logit
 * gets (p − 1 if it is the target, else p) / rows. This is where gradients begin.
 * @param logits `[targets.length, numClasses]`
 */
export function lossStep(tape: Tape, logits: Value, targets: ArrayLike<number>): number {
  const { rows, columns, data } = logits;
  let loss = 0;
  const probabilities = tape.numbers(rows * columns);
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let most = -Infinity;
    for (let i = 0; i < columns; i++) {
      most = Math.max(most, data[first + i]!);
    }
    let total = 0;
    for (let i = 0; i < columns; i++) {
      total += probabilities[first + i] = Math.exp(data[first + i]! - most);
    }
    for (let i = 0; i < columns; i++) {
      probabilities[first + i]! /= total;
    }
    loss += Math.log(total) - (data[first + targets[row]!]! - most);
  }
  tape.record(() => {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns; i++) {
        const excess = probabilities[row * columns + i]! - (i === targets[row] ? 1 : 0);
        logits.grad[row * columns + i]! += excess / rows;
      }
    }
  });
  return loss / rows;
}
