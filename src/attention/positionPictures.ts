import type { PositionBias, PositionTable, WithoutPositions } from '../protocol/positions';
import { type Matrix, matrix, rowOf } from '../scratch/matrix';
import { rotate } from '../scratch/rotaryPositions';
import { sinusoidalPositions } from '../scratch/sinusoidalPositions';
import { cosine } from './cosine';
import type { ScoreReading } from './readScores';
import { type LayerWeights, headOf, keysOf } from './weights';

/** Positions that are drawn: more are only finer. */
const maxRows = 128;

/**
 * A table of positions for the picture.
 * @param all the stored rows
 * @param firstRow the row of position 0
 */
export function tablePicture(all: Matrix, firstRow: number, isSinusoidal: boolean): PositionTable {
  const total = all.rows - firstRow;
  const numRows = Math.min(total, maxRows);
  const rows = matrix(
    numRows,
    all.columns,
    all.data.slice(firstRow * all.columns, (firstRow + numRows) * all.columns),
  );
  return {
    ...shown(rows),
    total,
    ...(isSinusoidal && { fromFormula: distanceFromFormula(rows) }),
  };
}

/**
 * Rotary positions as a table: what a pair (1, 0) of a query or a key is turned into at each position, cosines in the
 * first half, sines in the second. Its rows' cosines are what turning leaves of a score by distance.
 */
export function rotaryPicture(base: number, headWidth: number): PositionTable {
  const ones = matrix(maxRows, headWidth);
  for (let at = 0; at < maxRows; at++) {
    rowOf(ones, at).fill(1, 0, headWidth / 2);
  }
  return { ...shown(rotate(ones, { base, pairs: 'halves' })), total: null };
}

function shown(rows: Matrix): Pick<PositionTable, 'rows' | 'numRows' | 'width' | 'similarity'> {
  return {
    rows: rows.data.slice().buffer,
    numRows: rows.rows,
    width: rows.columns,
    similarity: similarityByDistance(rows).buffer as ArrayBuffer,
  };
}

/** The mean cosine of all pairs of rows that are so far apart, `[rows]`. */
function similarityByDistance(rows: Matrix): Float32Array {
  return Float32Array.from({ length: rows.rows }, (_, distance) => {
    let sum = 0;
    for (let at = 0; at + distance < rows.rows; at++) {
      sum += cosine(rowOf(rows, at), rowOf(rows, at + distance));
    }
    return sum / (rows.rows - distance);
  });
}

/** From the formula of Vaswani et al. 2017, in the order of sines and cosines that fits. */
function distanceFromFormula(rows: Matrix): number {
  const distances = (['alternating', 'halves'] as const).map((layout) =>
    sinusoidalPositions(rows.rows, rows.columns, layout).data.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - rows.data[at]!)),
      0,
    ),
  );
  return Math.min(...distances);
}

/** A bias that depends on the distance only, read off the head's own scores; null where there is none. */
export function biasByDistance(
  { openKind, addends }: ScoreReading,
  numQueries: number,
  numKeys: number,
): PositionBias | null {
  if (openKind !== 'distance') {
    return null;
  }
  const values = new Float32Array(numQueries + numKeys - 1).fill(NaN);
  addends.forEach((value, cell) => {
    if (value !== -Infinity) {
      values[(cell % numKeys) - Math.floor(cell / numKeys) + numQueries - 1] = value;
    }
  });
  const seen = [...values.keys()].filter((at) => !Number.isNaN(values[at]));
  const [first = 0, last = 0] = [seen[0], seen.at(-1)];
  return { from: first - numQueries + 1, values: values.slice(first, last + 1).buffer };
}

/** One head with and without positions, and how far each head's attention moved. */
export function withoutPicture(
  own: readonly LayerWeights[],
  without: readonly LayerWeights[],
  layer: number,
  head: number,
): WithoutPositions {
  const numHeads = own[0]?.numHeads ?? 0;
  const moved = own.flatMap((each, at) =>
    Array.from({ length: each.numHeads }, (_, place) => {
      const [one, other] = [headOf(each, place), headOf(without[at]!, place)];
      const apart = one.reduce((sum, value, cell) => sum + Math.abs(value - other[cell]!), 0);
      return apart / 2 / each.numTokens;
    }),
  );
  const shownLayer = own[layer]!;
  return {
    own: headOf(shownLayer, head).slice().buffer,
    without: headOf(without[layer]!, head).slice().buffer,
    numQueries: shownLayer.numTokens,
    numKeys: keysOf(shownLayer),
    moved: Float32Array.from(moved).buffer,
    numHeads,
  };
}
