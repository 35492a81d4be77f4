import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HeadMatrix, type Link } from '../../webview/attention/headMatrix';
import { mostInterestingHead } from '../../webview/attention/interestingHead';
import { resample } from '../../webview/common/raster';
import type { Token } from '../../src/protocol/model';

/** What the page works out before it draws, held against the plainest way to do it. */
describe('drawing', () => {
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
    .chain(([rows, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        weights: fc.array(fc.integer({ min: 0, max: 1000 }), {
          minLength: rows * columns,
          maxLength: rows * columns,
        }),
      }),
    );

  it('finds the strongest weights as sorting all of them does', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 9 }), ({ rows, columns, weights }, count) => {
        const matrix = new HeadMatrix(
          [...Array(rows).keys()].map((row) => row + 3),
          [...Array(columns).keys()].map((column) => column + 5),
          Float32Array.from(weights, (weight) => weight / 1000),
        );
        const accept = (query: number, key: number): boolean => (query + key) % 3 !== 0;
        const all: Link[] = matrix.queries.flatMap((query) =>
          matrix.keys.map((key) => ({ query, key, weight: matrix.at(query, key) })),
        );
        const wanted = all
          .filter(({ query, key, weight }) => weight > matrix.max * 0.01 && accept(query, key))
          .map(({ weight }) => weight)
          .sort((a, b) => a - b)
          .slice(-count);
        const found = matrix.strongest(count, accept);
        assert.deepEqual(
          found.map(({ weight }) => weight),
          wanted,
        );
        assert.ok(
          found.every(({ query, key, weight }) => accept(query, key) && weight === matrix.at(query, key)),
        );
      }),
    );
  });

  it('keeps in each pixel the largest weight that it touches', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (from, height, width) => {
          const source = Float32Array.from(from.weights);
          const found = new Float32Array(height * width);
          resample(source, 0, from, { rows: height, columns: width }, found);
          const covered = (place: number, pixels: number, cells: number): [number, number] => {
            const start = Math.floor((place * cells) / pixels);
            const end = Math.ceil(((place + 1) * cells) / pixels);
            // Enlarged, a pixel shows one cell.
            return pixels >= cells ? [start, start + 1] : [start, Math.max(start + 1, end)];
          };
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const [top, bottom] = covered(y, height, from.rows);
              const [left, right] = covered(x, width, from.columns);
              let largest = 0;
              for (let row = top; row < bottom; row++) {
                for (let column = left; column < right; column++) {
                  largest = Math.max(largest, source[row * from.columns + column]!);
                }
              }
              assert.equal(found[y * width + x], largest);
            }
          }
        },
      ),
    );
  });

  it('opens cross attention with the head that looks at every source token', () => {
    // Head 0: both target tokens look at one source token; head 1: each at its own.
    const data = Uint8Array.from(
      [
        [0, 0, 0],
        [0, 255, 0],
        [0, 255, 0],
        [0, 0, 0],
        [0, 200, 0],
        [0, 0, 200],
      ].flat(),
    );
    const token = (special: boolean): Token => ({ id: 0, piece: '', text: '', start: 0, end: 0, special });
    const tokens = [true, false, false, true, false, false].map(token);
    const found = mostInterestingHead(
      {
        name: 'cross',
        runId: 1,
        numLayers: 1,
        numHeads: 2,
        causal: false,
        thumbnails: { size: 3, data: data.buffer },
        queries: { start: 3, end: 6 },
        keys: { start: 0, end: 3 },
      },
      tokens,
    );
    assert.deepEqual(found, { layer: 0, head: 1 });
  });
});
