import assert from 'node:assert/strict';
import fc from 'fast-check';
import { attentionFlow } from '../../src/attention/flow';
import type { LayerWeights } from '../../src/attention/weights';

const layer = (numHeads: number, numTokens: number, cells: readonly number[]): LayerWeights => ({
  numHeads,
  numTokens,
  data: Float32Array.from(cells),
});

function close(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    assert.ok(
      Math.abs((actual[index] ?? NaN) - value) <= tolerance,
      `${index}: ${actual[index]}, not ${value}`,
    );
  });
}

describe('attention flow', () => {
  it('of heads that look at themselves stays where it is', () => {
    const identity = layer(1, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    close(attentionFlow([identity, identity]), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-7);
  });

  it('through one layer is the attention mixed with the residual stream', () => {
    // Capacities (A + I) / 2, rows [.75, .25] and [.4, .6]; with one edge to each token they are the flows.
    close(attentionFlow([layer(1, 2, [0.5, 0.5, 0.8, 0.2])]), [0.75, 0.25, 0.4, 0.6], 1e-6);
  });

  it('through two layers is what the narrowest edges let pass', () => {
    // Capacities [[.5, .5], [0, 1]] twice: to token 0 only over 0→0→0, .5; to token 1 over 0→0→1 (.5) and
    // 0→1→1 (.5), together 1. Divided by 1.5. From position 1 only 1→1→1.
    const one = layer(1, 2, [0, 1, 0, 1]);
    close(attentionFlow([one, one]), [1 / 3, 2 / 3, 0, 1], 1e-6);
  });

  it('equals networkx with the algorithm of the authors', () => {
    // Three layers of two heads on four tokens; networkx.maximum_flow_value(flow_func=edmonds_karp).
    const layers = [
      [
        [
          0.286, 0.333, 0.048, 0.333, 0.222, 0.278, 0.333, 0.167, 0.5, 0.062, 0.188, 0.25, 0.417, 0.333,
          0.167, 0.083,
        ],
        [
          0.083, 0.083, 0.167, 0.667, 0.117, 0.353, 0.412, 0.118, 0.167, 0.222, 0.167, 0.444, 0.083, 0.333,
          0.292, 0.292,
        ],
      ],
      [
        [
          0.066, 0.267, 0.4, 0.267, 0.315, 0.316, 0.316, 0.053, 0.334, 0.208, 0.333, 0.125, 0.215, 0.571,
          0.143, 0.071,
        ],
        [
          0.176, 0.353, 0.059, 0.412, 0.167, 0.111, 0.278, 0.444, 0.421, 0.368, 0.158, 0.053, 0.333, 0.286,
          0.333, 0.048,
        ],
      ],
      [
        [
          0.076, 0.385, 0.231, 0.308, 0.444, 0.111, 0.278, 0.167, 0.2, 0.467, 0.133, 0.2, 0.083, 0.167, 0.25,
          0.5,
        ],
        [
          0.278, 0.222, 0.111, 0.389, 0.538, 0.154, 0.077, 0.231, 0.106, 0.368, 0.263, 0.263, 0.167, 0.278,
          0.444, 0.111,
        ],
      ],
    ].map((heads) => layer(2, 4, heads.flat()));
    const expected = [
      0.261877, 0.245455, 0.222342, 0.270325, 0.252178, 0.276379, 0.222998, 0.248444, 0.255103, 0.222125,
      0.274134, 0.248638, 0.231789, 0.249038, 0.23407, 0.285103,
    ];
    close(attentionFlow(layers), expected, 2e-6);
  });

  it('has rows that sum to 1, and on a decoder looks at nothing that follows', () => {
    const causal = fc
      .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 32, maxLength: 32 })
      .map((values) =>
        [0, 1].map((index) => {
          const cells = values
            .slice(index * 16, index * 16 + 16)
            .map((value, i) => (i % 4 > Math.floor(i / 4) ? 0 : value));
          return layer(
            1,
            4,
            cells.map(
              (value, i) => value / cells.slice(i - (i % 4), i - (i % 4) + 4).reduce((a, b) => a + b),
            ),
          );
        }),
      );
    fc.assert(
      fc.property(causal, (layers) => {
        const flow = attentionFlow(layers);
        for (let row = 0; row < 4; row++) {
          const cells = [...flow.subarray(row * 4, row * 4 + 4)];
          assert.ok(Math.abs(cells.reduce((a, b) => a + b) - 1) < 1e-5);
          assert.ok(cells.slice(row + 1).every((value) => value === 0));
        }
      }),
      { numRuns: 50 },
    );
  });
});
