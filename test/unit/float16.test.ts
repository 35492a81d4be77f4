import assert from 'node:assert/strict';
import { toFloat16 } from '../../src/inference/float16';
import { fromFloat16 } from '../../src/onnx/halfFloats';

/** Values of IEEE 754 binary16 as the standard states them. */
const known: readonly (readonly [value: number, bits: number])[] = [
  [0, 0x0000],
  [1, 0x3c00],
  [-2, 0xc000],
  [0.5, 0x3800],
  [65504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [-(2 ** -24), 0x8001],
  [Infinity, 0x7c00],
  [-Infinity, 0xfc00],
];

describe('half precision', () => {
  it('reads and writes what the standard says', () => {
    for (const [value, bits] of known) {
      assert.equal(fromFloat16(bits), value);
      assert.equal(toFloat16(Float32Array.of(value))[0], bits, String(value));
    }
    assert.ok(Number.isNaN(fromFloat16(0x7e00)));
    assert.equal(toFloat16(Float32Array.of(NaN))[0]! & 0x7c00, 0x7c00);
  });

  it('rounds to the nearest, ties to even, and too much to infinity', () => {
    const one = 0x3c00;
    assert.equal(toFloat16(Float32Array.of(1 + 2 ** -11))[0], one, 'half way to an odd one');
    assert.equal(toFloat16(Float32Array.of(1 + 3 * 2 ** -11))[0], one + 2);
    assert.equal(toFloat16(Float32Array.of(1 + 2 ** -11 + 2 ** -20))[0], one + 1);
    assert.equal(toFloat16(Float32Array.of(65519))[0], 0x7bff);
    assert.equal(toFloat16(Float32Array.of(65520))[0], 0x7c00);
    assert.equal(toFloat16(Float32Array.of(2 ** -25))[0], 0);
    assert.equal(toFloat16(Float32Array.of(3 * 2 ** -25))[0], 2);
  });

  it('gives back every finite number that it reads', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16(bits);
      if (Number.isFinite(value) && value !== 0) {
        assert.equal(toFloat16(Float32Array.of(value))[0], bits);
      }
    }
  });
});
