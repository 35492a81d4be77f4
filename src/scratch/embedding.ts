import { type Matrix, matrix, rowOf } from './matrix';

/**
 * Looks up one row of a table for each number: tokens, sentence A or B, or learned positions.
 * @param table `[numRows, modelWidth]`
 * @returns `[numbers.length, modelWidth]`
 * @throws {RangeError} for a number that the table has no row for
 */
export function embed(table: Matrix, numbers: readonly number[]): Matrix {
  const embedded = matrix(numbers.length, table.columns);
  numbers.forEach((number, at) => {
    if (!Number.isInteger(number) || number < 0 || number >= table.rows) {
      throw new RangeError(`there is no row ${number} in a table of ${table.rows}`);
    }
    rowOf(embedded, at).set(rowOf(table, number));
  });
  return embedded;
}

/**
 * Learned positions (BERT, GPT-2): row i of a trained table belongs to position i. Nothing is said about positions
 * behind its end, so such a model cannot read a longer text.
 * @throws {RangeError} when the text is longer than the table
 */
export function learnedPositions(table: Matrix, numPositions: number): Matrix {
  return embed(
    table,
    Array.from({ length: numPositions }, (_, position) => position),
  );
}
