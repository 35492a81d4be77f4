import { type Numbers, type Precision, type Value } from './numbers';

/**
 * Reverse-mode differentiation. Each operation computes its result at once and records how to carry the gradient of the
 * result back to what it was computed from; `backward` runs these records from the last to the first. That is the chain
 * rule, read from the loss towards the weights, and costs about twice as much as the computation itself.
 *
 * Every step of a training does the same operations on the same shapes, so the arrays of the step before are used again.
 */
export class Tape {
  private readonly records: (() => void)[] = [];
  private readonly buffers: Numbers[] = [];
  private taken = 0;

  constructor(private readonly precision: Precision = Float32Array) {}

  /** Forgets what was recorded. Values of the step before must not be read any more. */
  begin(): void {
    this.records.length = 0;
    this.taken = 0;
  }

  /** Zeros that last until the next step. */
  numbers(length: number): Numbers {
    const at = this.taken++;
    const kept = this.buffers[at];
    if (kept?.length === length) {
      return kept.fill(0);
    }
    return (this.buffers[at] = new this.precision(length));
  }

  /** A value that lasts until the next step. */
  value(rows: number, columns: number): Value {
    return { rows, columns, data: this.numbers(rows * columns), grad: this.numbers(rows * columns) };
  }

  /** Adds to the gradients of the operands, when the gradient of the result is known. */
  record(backward: () => void): void {
    this.records.push(backward);
  }

  /** Carries the gradients back. The operation that made the loss has set where they begin. */
  backward(): void {
    for (let at = this.records.length - 1; at >= 0; at--) {
      this.records[at]!();
    }
  }
}
