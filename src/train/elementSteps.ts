import type { Numbers, Value } from './numbers';
import type { Tape } from './tape';

/** a + b of the same shape; both get the gradient as it is. */
export function addStep(tape: Tape, a: Value, b: Value): Value {
  const sum = tape.value(a.rows, a.columns);
  for (let at = 0; at < sum.data.length; at++) {
    sum.data[at] = a.data[at]! + b.data[at]!;
  }
  tape.record(() => {
    for (let at = 0; at < sum.grad.length; at++) {
      a.grad[at]! += sum.grad[at]!;
      b.grad[at]! += sum.grad[at]!;
    }
  });
  return sum;
}

/** Adds the rows of a table that is not learnt to every sequence, over and over. */
export function addRowsStep(tape: Tape, x: Value, table: Numbers): Value {
  const sum = tape.value(x.rows, x.columns);
  for (let at = 0; at < sum.data.length; at++) {
    sum.data[at] = x.data[at]! + table[at % table.length]!;
  }
  tape.record(() => {
    for (let at = 0; at < sum.grad.length; at++) {
      x.grad[at]! += sum.grad[at]!;
    }
  });
  return sum;
}

/** max(0, x); what was cut off has no influence, hence no gradient. */
export function reluStep(tape: Tape, x: Value): Value {
  const bent = tape.value(x.rows, x.columns);
  for (let at = 0; at < bent.data.length; at++) {
    bent.data[at] = Math.max(0, x.data[at]!);
  }
  tape.record(() => {
    for (let at = 0; at < bent.grad.length; at++) {
      if (x.data[at]! > 0) {
        x.grad[at]! += bent.grad[at]!;
      }
    }
  });
  return bent;
}
