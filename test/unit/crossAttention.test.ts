import assert from 'node:assert/strict';
import { combineHeads } from '../../src/attention/combineHeads';
import { crossPatterns } from '../../src/attention/crossPatterns';
import { keepCells } from '../../src/attention/keepTokens';
import { packWeights, unpackWeights } from '../../src/attention/packWeights';
import { thumbnailsOf } from '../../src/attention/runViews';
import { selfCheck } from '../../src/attention/selfCheck';
import { makeThumbnails } from '../../src/attention/thumbnails';
import type { LayerWeights } from '../../src/attention/weights';
import { attentionBetweenGroups } from '../../src/attention/words';
import type { Token } from '../../src/protocol/model';

/** Two queries on three keys; every number below is worked out by hand. */
const layer: LayerWeights = {
  numHeads: 2,
  numTokens: 2,
  numKeys: 3,
  data: Float32Array.from([0.5, 0.25, 0.25, 0.1, 0.1, 0.8, 1, 0, 0, 0, 0, 1]),
};
const close = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    assert.ok(Math.abs((actual[index] ?? NaN) - value) < 1e-6, `${actual[index]} at ${index}, not ${value}`);
  });
};
const token = (index: number): Token => ({
  id: index,
  piece: '',
  text: '',
  start: 0,
  end: 0,
  special: false,
});

describe('attention between two texts', () => {
  it('keeps some queries and some keys', () => {
    close(keepCells(layer.data, 3, [1], [0, 2], false), [0.1, 0.8]);
    close(keepCells(layer.data, 3, [0, 1], [1, 2], true), [0.5, 0.5, 1 / 9, 8 / 9]);
  });

  it('joins words of each text: from a word the mean, to a word the sum', () => {
    const one = { start: 0, end: 1 };
    close(
      attentionBetweenGroups(layer.data, 3, [{ start: 0, end: 2 }], [one, { start: 1, end: 3 }]),
      [0.3, 0.7],
    );
  });

  it('is combined over heads', () => {
    const heads = [0, 1].map((head) => ({ layer: 0, head }));
    close(combineHeads([layer], heads, 'mean'), [0.75, 0.125, 0.125, 0.05, 0.05, 0.9]);
    close(combineHeads([layer], heads, 'max'), [1, 0.25, 0.25, 0.1, 0.1, 1]);
  });

  it('is measured only where two texts can be', () => {
    const patterns = crossPatterns(layer, 0, {
      special: [false, false, true],
      punctuation: [false, true, false],
    });
    close([patterns.first, patterns.punctuation, patterns.special], [0.3, 0.175, 0.525]);
    assert.ok(
      [patterns.previous, patterns.self, patterns.induction, patterns.offsetScore].every(Number.isNaN),
    );
    // The second head looks at one key alone: no entropy.
    close([crossPatterns(layer, 1, { special: [], punctuation: [] }).entropy], [0]);
  });

  it('is checked row by row, and is never causal', () => {
    const { rowDeviation, causal } = selfCheck([layer]);
    assert.ok(rowDeviation < 1e-6);
    assert.equal(causal, false);
    const broken = { ...layer, data: layer.data.map((weight, index) => (index === 2 ? 0.5 : weight)) };
    close([selfCheck([broken]).rowDeviation], [0.25]);
  });

  it('is stretched to a square in small', () => {
    const { size, data } = makeThumbnails([layer]);
    assert.equal(size, 3);
    assert.deepEqual([...data.subarray(0, 9)], [128, 64, 64, 128, 64, 64, 26, 26, 204]);
  });

  it('is left out of small pictures after rows are renormalised', () => {
    const run = {
      layers: [layer],
      tokens: [token(0), token(1)],
      keyTokens: [token(0), token(1), token(2)],
      causal: false,
    };
    // Of the second query's [.1, .8] over keys 0 and 2, key 2 gets 8/9.
    const { size, data } = thumbnailsOf(run, {
      runId: 1,
      kept: [1],
      keys: [2],
      among: [0, 2],
      renormalise: true,
    });
    assert.equal(size, 1);
    assert.equal(new Uint8Array(data)[0], Math.round((255 * 8) / 9));
  });

  it('comes back from an exported file', () => {
    const [back] = unpackWeights(new Uint8Array(packWeights([layer])), 1, 2, 2, 3);
    layer.data.forEach((weight, index) => {
      assert.ok(Math.abs((back?.data[index] ?? NaN) - weight) < 0.005);
    });
  });
});
