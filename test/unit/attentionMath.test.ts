import assert from 'node:assert/strict';
import { selfCheck } from '../../src/attention/selfCheck';
import { makeThumbnails } from '../../src/attention/thumbnails';
import type { LayerWeights } from '../../src/attention/weights';

const layer = (numHeads: number, rows: number[][]): LayerWeights => ({
  numHeads,
  numTokens: rows[0]!.length,
  data: Float32Array.from(rows.flat()),
});

describe('self-check', () => {
  it('knows a causal head from one that sees everything', () => {
    assert.equal(
      selfCheck([
        layer(1, [
          [1, 0],
          [0.5, 0.5],
        ]),
      ]).causal,
      true,
    );
    assert.equal(
      selfCheck([
        layer(1, [
          [0.9, 0.1],
          [0.5, 0.5],
        ]),
      ]).causal,
      false,
    );
  });
  it('tells the strongest look ahead', () => {
    const { lookAhead } = selfCheck([
      layer(1, [
        [0.75, 0.25],
        [0.5, 0.5],
      ]),
    ]);
    assert.equal(lookAhead, 0.25);
  });
  it('does not call a single token causal', () => {
    assert.equal(selfCheck([layer(1, [[1]])]).causal, false);
  });
  it('measures how far a row is from a distribution', () => {
    assert.ok(
      Math.abs(
        selfCheck([
          layer(1, [
            [0.5, 0.25],
            [0, 1],
          ]),
        ]).rowDeviation - 0.25,
      ) < 1e-7,
    );
    assert.equal(
      selfCheck([
        layer(1, [
          [NaN, 0],
          [0, 1],
        ]),
      ]).rowDeviation,
      Infinity,
    );
  });
});

describe('thumbnails', () => {
  it('are exact where every token has its pixel', () => {
    const { size, data } = makeThumbnails([
      layer(1, [
        [1, 0],
        [0.2, 0.8],
      ]),
    ]);
    assert.equal(size, 2);
    assert.deepEqual([...data], [255, 0, 51, 204]);
  });
  it('keep a single strong weight when cells are pooled, and stay under 200 kB', () => {
    const n = 512;
    const weights = new Float32Array(16 * n * n);
    weights[3 * n * n + 500 * n + 7] = 1;
    const { size, data } = makeThumbnails(
      Array.from({ length: 24 }, () => ({ numHeads: 16, numTokens: n, data: weights })),
    );
    assert.ok(data.length <= 200_000);
    const head = data.subarray(3 * size * size, 4 * size * size);
    assert.equal(Math.max(...head), 255);
    assert.equal(head.indexOf(255), Math.floor((500 * size) / n) * size + Math.floor((7 * size) / n));
  });
});
