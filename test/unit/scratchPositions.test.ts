import assert from 'node:assert/strict';
import { alibiBias, alibiSlopes } from '../../src/scratch/alibi';
import { scaledDotProductAttention } from '../../src/scratch/attention';
import { learnedPositions } from '../../src/scratch/embedding';
import { causalMask } from '../../src/scratch/masks';
import { type Matrix, fromRows, matrix, rowOf } from '../../src/scratch/matrix';
import { multiplyByTransposed } from '../../src/scratch/matrixProduct';
import { rotate } from '../../src/scratch/rotaryPositions';
import { sinusoidalPositions } from '../../src/scratch/sinusoidalPositions';
import {
  type Packed,
  assertClose,
  matrixOf,
  numbersOf,
  readFixture,
  slicesOf,
} from '../fixtures/scratch/fixtures';

interface Positions {
  readonly sinusoidal: { readonly alternating: Packed; readonly halves: Packed };
  readonly rotary: { readonly x: Packed; readonly halves: Packed; readonly neighbours: Packed };
  readonly alibi: readonly { slopes: Packed; q: Packed; k: Packed; weights: Packed }[];
}

const fixture = readFixture<Positions>('blocks');

describe('positions from scratch', () => {
  it('makes sines and cosines as the paper and as Marian do', () => {
    const { alternating, halves } = fixture.sinusoidal;
    const [positions = 0, width = 0] = alternating.dims;
    assertClose(sinusoidalPositions(positions, width), matrixOf(alternating), 1e-6);
    assertClose(sinusoidalPositions(positions, width, 'halves'), matrixOf(halves), 1e-6);
  });

  it('looks learned positions up, and has none behind the table', () => {
    const table = fromRows([
      [1, 2],
      [3, 4],
    ]);
    assert.deepEqual(learnedPositions(table, 2), table);
    assert.throws(() => learnedPositions(table, 3), RangeError);
  });

  it('turns pairs of numbers as one does by hand', () => {
    // Width 2 has one pair, whose angle is the position itself in radians: (3, 4) at position 2.
    const [a, b] = [3 * Math.cos(2) - 4 * Math.sin(2), 3 * Math.sin(2) + 4 * Math.cos(2)];
    for (const pairs of ['neighbours', 'halves'] as const) {
      const turned = rotate(fromRows([[3, 4]]), { base: 10_000, pairs }, 2);
      assertClose(turned, fromRows([[a, b]]), 1e-6);
    }
    // Width 4 has a second pair, which turns by 10000^(−2/4) = 1/100 a position.
    const [c, d] = [Math.cos(0.01), Math.sin(0.01)];
    const x = fromRows([
      [9, 9, 9, 9],
      [0, 1, 0, 0],
    ]);
    assertClose(rowOf(rotate(x, { base: 10_000, pairs: 'halves' }), 1), Float32Array.of(0, c, 0, d), 1e-6);
    const y = fromRows([
      [9, 9, 9, 9],
      [0, 0, 1, 0],
    ]);
    assertClose(
      rowOf(rotate(y, { base: 10_000, pairs: 'neighbours' }), 1),
      Float32Array.of(0, 0, c, d),
      1e-6,
    );
  });

  it('turns as Llama and GPT-J do', () => {
    const { x, halves, neighbours } = fixture.rotary;
    assertClose(rotate(matrixOf(x), { base: 10_000, pairs: 'halves' }), matrixOf(halves));
    assertClose(rotate(matrixOf(x), { base: 10_000, pairs: 'neighbours' }), matrixOf(neighbours));
  });

  it('makes turned queries and keys see their distance, and not where they are', () => {
    const rotary = { base: 10_000, pairs: 'neighbours' } as const;
    const vector = (seed: number): Matrix =>
      matrix(
        1,
        8,
        Float32Array.from({ length: 8 }, (_, at) => Math.cos(seed * (at + 1))),
      );
    const score = (query: number, key: number): number =>
      multiplyByTransposed(rotate(vector(3), rotary, query), rotate(vector(5), rotary, key)).data[0]!;
    assert.ok(Math.abs(score(7, 4) - score(107, 104)) < 1e-5);
    assert.ok(Math.abs(score(7, 4) - score(7, 5)) > 1e-2);
  });

  it('has the slopes of the table in the paper for 8 and 16 heads', () => {
    assert.deepEqual(
      alibiSlopes(8),
      [1, 2, 3, 4, 5, 6, 7, 8].map((power) => 1 / 2 ** power),
    );
    alibiSlopes(16).forEach((slope, head) => assert.ok(Math.abs(slope - 2 ** (-0.5 * (head + 1))) < 1e-12));
  });

  it('lowers scores with the distance, as BLOOM does', () => {
    for (const { slopes, q, k, weights } of fixture.alibi) {
      const found = alibiSlopes(slopes.dims[0]!);
      assertClose(Float32Array.from(found), numbersOf(slopes), 1e-7);
      const [queries, keys, expected] = [slicesOf(q), slicesOf(k), slicesOf(weights)];
      found.forEach((slope, head) => {
        const bias = alibiBias(slope, queries[head]!.rows);
        const mask = causalMask(bias.rows);
        const steps = scaledDotProductAttention(queries[head]!, keys[head]!, keys[head]!, { bias, mask });
        assertClose(steps.weights, expected[head]!);
      });
    }
    assert.deepEqual([...alibiBias(0.5, 1, 3).data], [-1, -0.5, 0]);
  });
});
