import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Scaling {
  readonly tokens: number;
  readonly vocabulary: number;
  readonly sizes: readonly {
    readonly layers: number;
    readonly width: number;
    readonly heads: number;
    readonly parameters: number;
    readonly nonEmbedding: number;
    readonly heldOutLoss: number;
    readonly bitsPerByte: number;
    readonly fewShot: Readonly<Record<string, number>>;
  }[];
  readonly fit: {
    readonly a: number;
    readonly b: number;
    readonly c: number;
    readonly r2: number;
    readonly rmse: number;
  };
}

const scaling = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'models', 'training', 'gpt', 'scaling.json'), 'utf8'),
) as Scaling;

describe('the scaling curve', () => {
  const { sizes, fit } = scaling;

  it('has four sizes or more, on the same tokens, each as large as its shape says', () => {
    assert.ok(sizes.length >= 4);
    assert.ok(scaling.tokens > 0);
    for (const { layers, width, heads, parameters, nonEmbedding } of sizes) {
      // GPT-2: 12 w² + 13 w a layer, a last norm; tied embeddings of the vocabulary and of 512 places.
      assert.equal(nonEmbedding, layers * (12 * width ** 2 + 13 * width) + 2 * width);
      assert.equal(parameters - nonEmbedding, (scaling.vocabulary + 512) * width);
      assert.equal(width % heads, 0);
    }
  });

  it('falls with size, below what a uniform guess costs', () => {
    for (const [index, { heldOutLoss, bitsPerByte }] of sizes.entries()) {
      assert.ok(heldOutLoss < Math.log(scaling.vocabulary));
      assert.ok(index === 0 || heldOutLoss < sizes[index - 1]!.heldOutLoss);
      // Nats a token and bits a byte differ by one factor: how many bytes a token has.
      const factor = bitsPerByte / heldOutLoss;
      assert.ok(Math.abs(factor - sizes[0]!.bitsPerByte / sizes[0]!.heldOutLoss) < 1e-4);
    }
  });

  it('is fitted by least squares: solved again, by another method, it is the same', () => {
    const found = gaussNewton(sizes.map(({ nonEmbedding, heldOutLoss }) => [nonEmbedding, heldOutLoss]));
    const { a, b, c } = fit;
    for (const { nonEmbedding } of sizes) {
      const ours = a * nonEmbedding ** -b + c;
      assert.ok(Math.abs(ours - (found.a * nonEmbedding ** -found.b + found.c)) < 1e-3);
    }
    assert.ok(Math.abs(b - found.b) < 0.01 * found.b, `${b} ${found.b}`);
    assert.ok(Math.abs(c - found.c) < 0.01, `${c} ${found.c}`);
    const rest = sizes.map(({ nonEmbedding, heldOutLoss }) => heldOutLoss - (a * nonEmbedding ** -b + c));
    const squares = rest.reduce((sum, each) => sum + each ** 2, 0);
    const mean = sizes.reduce((sum, { heldOutLoss }) => sum + heldOutLoss, 0) / sizes.length;
    const spread = sizes.reduce((sum, { heldOutLoss }) => sum + (heldOutLoss - mean) ** 2, 0);
    assert.ok(Math.abs(fit.rmse - Math.sqrt(squares / sizes.length)) < 1e-6);
    assert.ok(Math.abs(fit.r2 - (1 - squares / spread)) < 1e-6);
  });
});

type Point = readonly [size: number, loss: number];

/** a N^-b + c by damped Gauss-Newton steps on (a, b, c) with N in units of the first size; c stays at least 0. */
function gaussNewton(points: readonly Point[]): { a: number; b: number; c: number } {
  const unit = points[0]![0];
  const scaled = points.map(([size, loss]): Point => [size / unit, loss]);
  const squares = ([a, b, c]: readonly number[]): number =>
    scaled.reduce((sum, [size, loss]) => sum + (loss - (a! * size ** -b! + c!)) ** 2, 0);
  const last = scaled.at(-1)![1];
  let at = [scaled[0]![1] - 0.9 * last, 0.3, 0.9 * last];
  let damping = 1e-3;
  for (let step = 0; step < 5000; step++) {
    const [a, b, c] = at as [number, number, number];
    const slopes = scaled.map(([size]) => [size ** -b, -a * size ** -b * Math.log(size), 1]);
    const rest = scaled.map(([size, loss]) => loss - (a * size ** -b + c));
    const normal = [0, 1, 2].map((i) =>
      [0, 1, 2].map(
        (j) => slopes.reduce((sum, row) => sum + row[i]! * row[j]!, 0) * (i === j ? 1 + damping : 1),
      ),
    );
    const right = [0, 1, 2].map((i) => slopes.reduce((sum, row, k) => sum + row[i]! * rest[k]!, 0));
    const change = solve(normal, right);
    const next = at.map((value, i) => value + change[i]!);
    next[2] = Math.max(0, next[2]!);
    const better = squares(next) < squares(at);
    at = better ? next : at;
    damping = better ? damping / 3 : damping * 5;
    damping = Math.min(Math.max(damping, 1e-12), 1e6);
  }
  const [a, b, c] = at as [number, number, number];
  return { a: a * unit ** b, b, c };
}

/** A 3 × 3 system by Cramer's rule. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const determinant = ([p, q, r]: readonly (readonly number[])[]): number =>
    p![0]! * (q![1]! * r![2]! - q![2]! * r![1]!) -
    p![1]! * (q![0]! * r![2]! - q![2]! * r![0]!) +
    p![2]! * (q![0]! * r![1]! - q![1]! * r![0]!);
  const whole = determinant(matrix);
  return [0, 1, 2].map(
    (column) =>
      determinant(matrix.map((row, i) => row.map((value, j) => (j === column ? right[i]! : value)))) / whole,
  );
}
