import type { AddendKind, ScaleKind } from '../protocol/oneNumber';

/** How a model makes what its softmax sees out of Q·Kᵀ, read off the numbers of one head. */
export interface ScoreReading {
  /** By what Q·Kᵀ is multiplied. */
  readonly scale: number;
  readonly scaleKind: ScaleKind;
  /** What is added where a query may look; it is the same kind for all of a head. */
  readonly openKind: Exclude<AddendKind, 'mask'>;
  /** What is added, `[queries, keys]`; −∞ for what is masked. Numbers of an unknown rule are told too. */
  readonly addends: Float32Array;
}

/** Scores this low are masked, however the exporter wrote −∞: −10000 is the least that any writes. */
const maskedBelow = -9000;

/** Numbers this near are equal, relative to the larger of them and 1. */
const tolerance = 1e-3;

/**
 * Finds scale, mask and bias by comparing Q·Kᵀ with the scores. A rule is believed only where it holds in every cell
 * of the head: a scale is one number for all cells, a bias one number for each distance or for each key.
 * @param products Q·Kᵀ, `[queries, keys]`
 * @param scores what the softmax sees, of the same shape
 */
export function readScores(
  products: Float32Array,
  scores: Float32Array,
  numKeys: number,
  headWidth: number,
): ScoreReading {
  const head: HeadScores = { products, scores, numKeys };
  const root = 1 / Math.sqrt(headWidth);
  const plain = [
    { scale: root, scaleKind: 'root' },
    { scale: 1, scaleKind: 'none' },
  ] as const;
  const rules = [...plain, { scale: fittedScale(head), scaleKind: 'own' }] as const;
  const found = rules.find(({ scale }) => follows(head, scale, () => 0));
  if (found) {
    return { ...found, openKind: 'none', addends: addendsOf(head, () => 0) };
  }
  for (const rule of plain) {
    for (const openKind of ['distance', 'key'] as const) {
      const bias = biasOf(head, rule.scale, openKind);
      if (follows(head, rule.scale, bias)) {
        return { ...rule, openKind, addends: addendsOf(head, bias) };
      }
    }
  }
  // Of two scales the likelier is the one that leaves less unexplained.
  const [first, second] = plain.map((rule) => ({ rule, rest: spread(head, rule.scale) }));
  const { rule } = second!.rest < first!.rest ? second! : first!;
  return { ...rule, openKind: 'unknown', addends: addendsOf(head, restOf(head, rule.scale)) };
}

interface HeadScores {
  readonly products: Float32Array;
  readonly scores: Float32Array;
  readonly numKeys: number;
}

/** By the place of a cell in the arrays. */
type Bias = (cell: number) => number;

function isMasked(score: number): boolean {
  return !(score > maskedBelow);
}

function follows({ products, scores }: HeadScores, scale: number, bias: Bias): boolean {
  return scores.every((score, cell) => {
    const expected = products[cell]! * scale + bias(cell);
    return isMasked(score) || Math.abs(score - expected) <= tolerance * Math.max(1, Math.abs(score));
  });
}

function restOf({ products, scores }: HeadScores, scale: number): Bias {
  return (cell) => scores[cell]! - products[cell]! * scale;
}

function addendsOf({ scores }: HeadScores, bias: Bias): Float32Array {
  return scores.map((score, cell) => (isMasked(score) ? -Infinity : bias(cell)));
}

/** The one number that brings products nearest to scores (least squares); 1 where there is nothing to fit. */
function fittedScale({ products, scores }: HeadScores): number {
  let squares = 0;
  let mixed = 0;
  scores.forEach((score, cell) => {
    if (!isMasked(score)) {
      squares += products[cell]! ** 2;
      mixed += products[cell]! * score;
    }
  });
  return squares === 0 ? 1 : mixed / squares;
}

/** What is left beside the scaled products, averaged over all cells of one distance, or of one key. */
function biasOf(head: HeadScores, scale: number, kind: 'distance' | 'key'): Bias {
  const { scores, numKeys } = head;
  const numQueries = scores.length / numKeys;
  const groupOf = (cell: number): number => {
    const key = cell % numKeys;
    return kind === 'key' ? key : key - Math.floor(cell / numKeys) + numQueries;
  };
  const rest = restOf(head, scale);
  const sums = new Float64Array(numQueries + numKeys + 1);
  const counts = new Float64Array(numQueries + numKeys + 1);
  scores.forEach((score, cell) => {
    if (!isMasked(score)) {
      sums[groupOf(cell)]! += rest(cell);
      counts[groupOf(cell)]!++;
    }
  });
  return (cell) => sums[groupOf(cell)]! / counts[groupOf(cell)]!;
}

/** Variance of what a scale leaves unexplained. */
function spread(head: HeadScores, scale: number): number {
  const rest = restOf(head, scale);
  let [count, sum, squares] = [0, 0, 0];
  head.scores.forEach((score, cell) => {
    if (!isMasked(score)) {
      count++;
      sum += rest(cell);
      squares += rest(cell) ** 2;
    }
  });
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
