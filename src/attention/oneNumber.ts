import type { AddendKind, ExplainedWeight, ValueTerm } from '../protocol/oneNumber';
import { type WeightExplanation, explainWeight } from '../scratch/explainWeight';
import { causalMask } from '../scratch/masks';
import { type Matrix, rowOf } from '../scratch/matrix';
import { multiplyByTransposed } from '../scratch/matrixProduct';
import type { HeadOperands } from './headOperands';
import { type ScoreReading, readScores } from './readScores';

/** Terms of the weighted sum that are told. */
const numTerms = 5;

/** Reads a head's rule off its scores; where the graph shows none, it is taken to be the plain one. */
export function readingOf({ q, k, scores }: HeadOperands, causal: boolean): ScoreReading {
  if (scores) {
    return readScores(multiplyByTransposed(q, k).data, scores, k.rows, q.columns);
  }
  const addends = causal ? causalMask(q.rows).data : new Float32Array(q.rows * k.rows);
  return { scale: 1 / Math.sqrt(q.columns), scaleKind: 'root', openKind: 'none', addends };
}

/**
 * Recomputes one weight of a head and tells it beside the model's own.
 * @param ownWeights the model's own weights of this head, `[queries, keys]`
 */
export function oneNumber(
  operands: HeadOperands,
  reading: ScoreReading,
  ownWeights: Float32Array,
  query: number,
  key: number,
): ExplainedWeight {
  const { q, k, v, sharedBy } = operands;
  const row = query * k.rows;
  const told = reading.addends.subarray(row, row + k.rows);
  // What follows no rule was not recomputed, so it must not enter what is compared.
  const isKnown = reading.openKind !== 'unknown';
  const addends = isKnown ? told : told.map((value) => (value === -Infinity ? value : 0));
  const own = ownWeights.subarray(row, row + k.rows);
  const { scale } = reading;
  const steps = explainWeight({ q, k, v, query, key, addends, scale, ownWeights: own });
  const isMasked = told[key] === -Infinity;
  const addendKind: AddendKind = isMasked ? 'mask' : reading.openKind;
  return {
    q: rowOf(q, query).slice().buffer,
    k: rowOf(k, key).slice().buffer,
    products: steps.products.slice().buffer,
    score: steps.score,
    scale,
    scaleKind: reading.scaleKind,
    scaled: steps.scaled,
    addendKind,
    addend: isMasked ? 0 : told[key]!,
    masked: isMasked ? null : steps.masked,
    rowMaximum: steps.rowMaximum,
    power: steps.power,
    rowTotal: steps.rowTotal,
    weight: steps.weight,
    own: own[key]!,
    difference: steps.difference!.here,
    largestDifference: steps.difference!.largest,
    outputNorm: lengthOf(steps.output),
    outputWidth: steps.output.length,
    terms: largestTerms(steps, v),
    sharedBy,
  };
}

function largestTerms({ rowWeights }: WeightExplanation, v: Matrix): ValueTerm[] {
  return Array.from(rowWeights, (weight, key) => {
    const valueNorm = lengthOf(rowOf(v, key));
    return { key, weight, valueNorm, norm: weight * valueNorm };
  })
    .sort((a, b) => b.norm - a.norm || a.key - b.key)
    .slice(0, numTerms);
}

function lengthOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
