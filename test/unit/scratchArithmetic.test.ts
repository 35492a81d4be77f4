import assert from 'node:assert/strict';
import { scaledDotProductAttention } from '../../src/scratch/attention';
import { columnsOf, concatColumns } from '../../src/scratch/columns';
import { dequantize } from '../../src/scratch/dequantize';
import { add, addToRows } from '../../src/scratch/elementwise';
import { embed } from '../../src/scratch/embedding';
import { causalMask, paddingMask } from '../../src/scratch/masks';
import { type Matrix, fromRows, matrix, rowOf, transpose } from '../../src/scratch/matrix';
import { multiply, multiplyByTransposed } from '../../src/scratch/matrixProduct';
import { softmaxRows } from '../../src/scratch/softmax';

const rowsOf = (m: Matrix): number[][] => Array.from({ length: m.rows }, (_, at) => [...rowOf(m, at)]);
const hidden = -Infinity;

describe('arithmetic from scratch', () => {
  it('multiplies matrices, whatever the number of rows that are added at a time', () => {
    const a = fromRows([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const b = fromRows([
      [7, 8, 9],
      [10, 11, 12],
    ]);
    const product = [
      [27, 30, 33],
      [61, 68, 75],
      [95, 106, 117],
    ];
    assert.deepEqual(rowsOf(multiply(a, b)), product);
    assert.deepEqual(rowsOf(multiplyByTransposed(a, transpose(b))), product);
    // 1·1 + 2·2 + … + n·n = n(n + 1)(2n + 1)/6
    for (const n of [1, 3, 4, 5, 8, 11]) {
      const row = fromRows([Array.from({ length: n }, (_, at) => at + 1)]);
      assert.deepEqual([...multiply(row, transpose(row)).data], [(n * (n + 1) * (2 * n + 1)) / 6]);
    }
  });

  it('refuses shapes that do not fit', () => {
    const a = matrix(2, 3);
    assert.throws(() => multiply(a, a), RangeError);
    assert.throws(() => multiplyByTransposed(a, matrix(2, 2)), RangeError);
    assert.throws(() => add(a, transpose(a)), RangeError);
    assert.throws(() => addToRows(a, new Float32Array(2)), RangeError);
    assert.throws(() => matrix(2, 2, new Float32Array(3)), RangeError);
    assert.throws(() => embed(a, [2]), RangeError);
    assert.throws(() => embed(a, [-1]), RangeError);
  });

  it('cuts heads out and puts them side by side again', () => {
    const m = fromRows([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    assert.deepEqual(rowsOf(columnsOf(m, 1, 3)), [
      [2, 3],
      [6, 7],
    ]);
    assert.deepEqual(concatColumns([columnsOf(m, 0, 1), columnsOf(m, 1, 4)]), m);
  });

  it('takes the row maximum off before the softmax, which stays finite', () => {
    const [row] = rowsOf(softmaxRows(fromRows([[10_000, 10_000 + Math.log(3), hidden]])));
    // 10000 + ln 3 is rounded to float32, in steps of 2⁻¹⁰.
    assert.ok(Math.abs(row![0]! - 0.25) < 1e-3 && Math.abs(row![1]! - 0.75) < 1e-3, String(row));
    assert.equal(row![2], 0);
    assert.deepEqual(rowsOf(softmaxRows(fromRows([[-20_000, -20_000]]))), [[0.5, 0.5]]);
  });

  it('refuses a query that may look nowhere', () => {
    assert.throws(
      () =>
        softmaxRows(
          fromRows([
            [1, 2],
            [hidden, hidden],
          ]),
        ),
      /query 1/,
    );
  });

  it('hides later keys from a decoder, and padding from everybody', () => {
    assert.deepEqual(rowsOf(causalMask(3)), [
      [0, hidden, hidden],
      [0, 0, hidden],
      [0, 0, 0],
    ]);
    assert.deepEqual(rowsOf(causalMask(2, 3)), [
      [0, 0, hidden],
      [0, 0, 0],
    ]);
    assert.deepEqual(rowsOf(paddingMask(2, [true, false])), [
      [0, hidden],
      [0, hidden],
    ]);
  });

  it('attends as one does by hand', () => {
    // d_k = 4, so the scores are halved: [0, ln 3 · 2] / 2 → weights 1/4 and 3/4.
    const q = fromRows([[1, 0, 0, 0]]);
    const k = fromRows([
      [0, 5, 5, 5],
      [2 * Math.log(3), 0, 0, 0],
    ]);
    const v = fromRows([
      [4, 0],
      [0, 8],
    ]);
    const { weights, output } = scaledDotProductAttention(q, k, v);
    [0.25, 0.75].forEach((weight, at) => assert.ok(Math.abs(weights.data[at]! - weight) < 1e-6));
    [1, 6].forEach((value, at) => assert.ok(Math.abs(output.data[at]! - value) < 1e-5));
  });

  it('gives each query weights that sum to 1, and none to a later key', () => {
    const q = matrix(
      9,
      4,
      Float32Array.from({ length: 36 }, (_, at) => Math.sin(at * at)),
    );
    const { weights } = scaledDotProductAttention(q, q, q, { mask: causalMask(9) });
    rowsOf(weights).forEach((row, query) => {
      assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6);
      assert.ok(row.every((weight, key) => (key > query ? weight === 0 : weight > 0)));
    });
  });

  it('undoes quantisation with one scale for all, one a column, or one a row', () => {
    const integers = fromRows([
      [1, 2],
      [3, 4],
    ]);
    assert.deepEqual(rowsOf(dequantize(integers, fromRows([[2]]), fromRows([[1]]))), [
      [0, 2],
      [4, 6],
    ]);
    assert.deepEqual(rowsOf(dequantize(integers, fromRows([[1, 10]]), fromRows([[1, 2]]))), [
      [0, 0],
      [2, 20],
    ]);
    assert.deepEqual(rowsOf(dequantize(integers, fromRows([[1], [10]]))), [
      [1, 2],
      [30, 40],
    ]);
    assert.throws(() => dequantize(integers, matrix(1, 3)), RangeError);
  });
});
