import assert from 'node:assert/strict';
import { headLabels, labelThresholds } from '../../src/attention/headLabels';
import { type PatternTokens, headPatterns } from '../../src/attention/headPatterns';
import { packPatterns, unpackPatterns } from '../../src/attention/patternTable';
import type { LayerWeights } from '../../src/attention/weights';

/** Every expected number is worked out by hand from the rows beside it. */

function layer(rows: readonly (readonly number[])[]): LayerWeights {
  return { numHeads: 1, numTokens: rows.length, data: Float32Array.from(rows.flat()) };
}

function tokens(ids: readonly number[], causal: boolean, special: readonly number[] = []): PatternTokens {
  return {
    ids,
    causal,
    special: ids.map((_, index) => special.includes(index)),
    punctuation: ids.map((id) => id === 99),
  };
}

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

/** Each of `n` tokens puts everything on the key that `keyOf` names. */
function pointing(n: number, keyOf: (query: number) => number): LayerWeights {
  return layer(
    Array.from({ length: n }, (_, query) =>
      Array.from({ length: n }, (__, key) => (key === keyOf(query) ? 1 : 0)),
    ),
  );
}

describe('head patterns', () => {
  it('are means over the rows that have such a key', () => {
    const measured = headPatterns(
      layer([
        [1, 0, 0, 0],
        [0.7, 0.3, 0, 0],
        [0.1, 0.5, 0.4, 0],
        [0.2, 0.1, 0.4, 0.3],
      ]),
      0,
      tokens([5, 6, 99, 6], true),
    );
    near(measured.previous, (0.7 + 0.5 + 0.4) / 3);
    near(measured.self, (1 + 0.3 + 0.4 + 0.3) / 4);
    near(measured.first, (0.7 + 0.1 + 0.2) / 3);
    assert.ok(Number.isNaN(measured.next), 'a causal head has no next token to look at');
    // The full stop is seen by the last two rows only.
    near(measured.punctuation, (0.4 + 0.4) / 2);
    // One row repeats a token: too few to speak of a habit.
    assert.ok(Number.isNaN(measured.duplicate));
    assert.ok(Number.isNaN(measured.special));
  });

  it('knows duplicates and what followed them', () => {
    // a b c a b c: at the second a, the first a is the duplicate and b what followed.
    const ids = [1, 2, 3, 1, 2, 3];
    const causal = tokens(ids, true);
    near(
      headPatterns(
        pointing(6, (q) => (q < 3 ? 0 : q - 3)),
        0,
        causal,
      ).duplicate,
      1,
    );
    near(
      headPatterns(
        pointing(6, (q) => (q < 3 ? 0 : q - 2)),
        0,
        causal,
      ).induction,
      1,
    );
    near(
      headPatterns(
        pointing(6, (q) => (q < 3 ? 0 : q - 3)),
        0,
        causal,
      ).induction,
      0,
    );
    // An encoder also sees the later copy.
    near(
      headPatterns(
        pointing(6, (q) => (q + 3) % 6),
        0,
        tokens(ids, false),
      ).duplicate,
      1,
    );
  });

  it('measures entropy as a share of the possible', () => {
    const uniform = layer(Array.from({ length: 4 }, () => [0.25, 0.25, 0.25, 0.25]));
    near(headPatterns(uniform, 0, tokens([1, 2, 3, 4], false)).entropy, 1);
    near(
      headPatterns(
        pointing(4, (q) => q),
        0,
        tokens([1, 2, 3, 4], false),
      ).entropy,
      0,
    );
    const causalUniform = layer([
      [1, 0, 0],
      [0.5, 0.5, 0],
      [1 / 3, 1 / 3, 1 / 3],
    ]);
    near(headPatterns(causalUniform, 0, tokens([1, 2, 3], true)).entropy, 1);
  });

  it('finds a fixed distance', () => {
    const { offset, offsetScore } = headPatterns(
      pointing(12, (q) => Math.max(0, q - 3)),
      0,
      tokens([...Array(12).keys()], true),
    );
    assert.equal(offset, -3);
    near(offsetScore, 1);
  });

  it('survive the wire, what is unknown included', () => {
    const measured = headPatterns(
      pointing(5, (q) => q),
      0,
      tokens([1, 2, 3, 4, 5], true),
    );
    assert.deepEqual(unpackPatterns(packPatterns([measured, measured])), [measured, measured]);
  });
});

describe('head labels', () => {
  const of = (weights: LayerWeights, what: PatternTokens): string[] =>
    headLabels(headPatterns(weights, 0, what)).map((label) => label.kind);
  const plain = (n: number, causal: boolean): PatternTokens =>
    tokens(
      Array.from({ length: n }, (_, index) => index),
      causal,
    );

  it('name what a head does', () => {
    assert.deepEqual(
      of(
        pointing(8, (q) => Math.max(0, q - 1)),
        plain(8, true),
      ),
      ['previous'],
    );
    assert.deepEqual(
      of(
        pointing(8, (q) => Math.min(7, q + 1)),
        plain(8, false),
      ),
      ['next'],
    );
    assert.deepEqual(
      of(
        pointing(8, (q) => q),
        plain(8, false),
      ),
      ['self'],
    );
    assert.deepEqual(
      of(
        pointing(8, () => 0),
        plain(8, true),
      ),
      ['first'],
    );
  });

  it('call the first token by its better name where it is special', () => {
    assert.deepEqual(
      of(
        pointing(8, () => 0),
        tokens([0, 1, 2, 3, 4, 5, 6, 7], false, [0, 7]),
      ),
      ['special'],
    );
  });

  it('call a head broad from 3.8 nats on 128 tokens on', () => {
    near(labelThresholds.broad * Math.log(128), 3.8);
    const n = 32;
    const uniform = layer(Array.from({ length: n }, () => Array.from({ length: n }, () => 1 / n)));
    assert.deepEqual(of(uniform, plain(n, false)), ['broad']);
  });
});
