import assert from 'node:assert/strict';
import fc from 'fast-check';
import { combineHeads } from '../../src/attention/combineHeads';
import { keepTokens } from '../../src/attention/keepTokens';
import { rollout } from '../../src/attention/rollout';
import type { LayerWeights } from '../../src/attention/weights';
import { attentionBetweenGroups, groupTokens } from '../../src/attention/words';
import { wordsOfTokens } from '../../src/attention/wordsOfTokens';

const layer = (numHeads: number, ...rows: readonly (readonly number[])[]): LayerWeights => ({
  numHeads,
  numTokens: rows[0]?.length ?? 0,
  data: Float32Array.from(rows.flat()),
});
const close = (actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) =>
    assert.ok(Math.abs((actual[index] as number) - value) < tolerance, `${actual[index]} at ${index}`),
  );
};
const rowSums = (weights: Float32Array, n: number): number[] =>
  Array.from({ length: n }, (_, row) =>
    weights.subarray(row * n, (row + 1) * n).reduce((sum, value) => sum + value, 0),
  );

/** Random attention: rows are distributions, causal or not. */
const attention = (n: number, causal: boolean): fc.Arbitrary<LayerWeights> =>
  fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2 * n * n, maxLength: 2 * n * n })
    .map((values) => {
      const data = new Float32Array(2 * n * n);
      for (let row = 0; row < 2 * n; row++) {
        const width = causal ? (row % n) + 1 : n;
        const cells = values.slice(row * n, row * n + width);
        const sum = cells.reduce((total, value) => total + value, 0);
        cells.forEach((value, key) => (data[row * n + key] = value / sum));
      }
      return { numHeads: 2, numTokens: n, data };
    });

describe('combined heads', () => {
  const two = layer(2, [1, 0], [0.5, 0.5], [0, 1], [0.25, 0.75]);
  const both = [
    { layer: 0, head: 0 },
    { layer: 0, head: 1 },
  ];
  it('are the mean or the strongest', () => {
    close(combineHeads([two], both, 'mean'), [0.5, 0.5, 0.375, 0.625]);
    close(combineHeads([two], both, 'max'), [1, 1, 0.5, 0.75]);
    close(combineHeads([two], both.slice(1), 'mean'), [0, 1, 0.25, 0.75]);
  });
});

describe('rollout', () => {
  it('of heads that look at themselves is the identity', () => {
    const self = layer(1, [1, 0], [0, 1]);
    close(rollout([self, self, self]), [1, 0, 0, 1]);
  });
  it('mixes half of the residual into each layer', () => {
    // Ã = (A + I) / 2: [[1, 0], [.5, .5]] → [[1, 0], [.25, .75]], squared [[1, 0], [.4375, .5625]].
    const one = layer(1, [1, 0], [0.5, 0.5]);
    close(rollout([one]), [1, 0, 0.25, 0.75]);
    close(rollout([one, one]), [1, 0, 0.4375, 0.5625]);
  });
  it('applies the layers in order: rows are the last layer’s positions', () => {
    const first = layer(1, [0, 1], [0, 1]);
    const second = layer(1, [1, 0], [1, 0]);
    // Ã₁ = [[.5, .5], [0, 1]], Ã₂ = [[1, 0], [.5, .5]], Ã₂ Ã₁ = [[.5, .5], [.25, .75]].
    close(rollout([first, second]), [0.5, 0.5, 0.25, 0.75]);
  });
  it('keeps rows distributions and causal models causal', () => {
    fc.assert(
      fc.property(fc.array(attention(5, true), { minLength: 1, maxLength: 4 }), (layers) => {
        const result = rollout(layers);
        rowSums(result, 5).forEach((sum) => assert.ok(Math.abs(sum - 1) < 1e-5));
        for (let query = 0; query < 5; query++) {
          for (let key = query + 1; key < 5; key++) {
            assert.equal(result[query * 5 + key], 0);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('words', () => {
  it('are summed as keys and averaged as queries', () => {
    const groups = groupTokens([7, 7, 8]);
    assert.deepEqual(groups, [
      { start: 0, end: 2 },
      { start: 2, end: 3 },
    ]);
    const merged = attentionBetweenGroups(
      Float32Array.from([0.5, 0.3, 0.2, 0.1, 0.1, 0.8, 0.6, 0.3, 0.1]),
      3,
      groups,
      groups,
    );
    close(merged, [(0.8 + 0.2) / 2, (0.2 + 0.8) / 2, 0.9, 0.1]);
  });
  it('keep rows distributions', () => {
    fc.assert(
      fc.property(
        attention(6, false),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
        (weights, wordOf) => {
          const groups = groupTokens(wordOf);
          const merged = attentionBetweenGroups(weights.data.subarray(0, 36), 6, groups, groups);
          rowSums(merged, groups.length).forEach((sum) => assert.ok(Math.abs(sum - 1) < 1e-5));
        },
      ),
      { numRuns: 50 },
    );
  });
  it('are found for pieces, blanks, punctuation and Chinese', () => {
    const text = "I can't unbelievably 喜欢这本书。";
    const place = (piece: string, from = 0): { start: number; end: number; special: boolean } => {
      const start = text.indexOf(piece, from);
      return { start, end: start + piece.length, special: false };
    };
    const cls = { start: 0, end: 0, special: true };
    const words = wordsOfTokens(text, [
      cls,
      place('I'),
      place(' can'),
      place("'t"),
      place('un'),
      place('believ'),
      place('ably'),
      place('喜'),
      place('欢'),
      place('这'),
      place('。'),
    ]);
    const same = (a: number, b: number): boolean => words[a] === words[b];
    assert.ok(words[0]! < 0);
    assert.ok(same(2, 3) && !same(1, 2), 'can’t is one word');
    assert.ok(same(4, 5) && same(5, 6) && !same(3, 4));
    assert.ok(same(7, 8) && !same(8, 9) && !same(9, 10), '喜欢 is one word');
  });
});

describe('leaving tokens out', () => {
  const weights = Float32Array.from([0.6, 0.3, 0.1, 0.5, 0.25, 0.25, 1, 0, 0]);
  it('shows what is left, as it is', () => {
    close(keepTokens(weights, 3, [1, 2], false), [0.25, 0.25, 0, 0]);
  });
  it('or as distributions again; a row of nothing stays empty', () => {
    close(keepTokens(weights, 3, [1, 2], true), [0.5, 0.5, 0, 0]);
    close(keepTokens(weights, 3, [0, 1, 2], true), [...weights]);
  });
});
