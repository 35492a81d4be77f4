import type { Numbers, Value } from './numbers';
import type { Tape } from './tape';

/**
 * A row of a table for each number: `scratch/embedding` with gradients. Backwards each row of the table gets the sum of
 * what its copies got.
 * @returns `[numbers.length, table.columns]`
 */
export function embeddingStep(tape: Tape, table: Value, numbers: ArrayLike<number>): Value {
  const { columns } = table;
  const embedded = tape.value(numbers.length, columns);
  for (let row = 0; row < numbers.length; row++) {
    copyRow(embedded.data, row, table.data, numbers[row]!, columns);
  }
  tape.record(() => {
    for (let row = 0; row < numbers.length; row++) {
      for (let i = 0; i < columns; i++) {
        table.grad[numbers[row]! * columns + i]! += embedded.grad[row * columns + i]!;
      }
    }
  });
  return embedded;
}

function copyRow(to: Numbers, toRow: number, from: Numbers, fromRow: number, columns: number): void {
  for (let i = 0; i < columns; i++) {
    to[toRow * columns + i] = from[fromRow * columns + i]!;
  }
}
