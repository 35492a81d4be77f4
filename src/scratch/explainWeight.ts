import { scaledDotProductAttention } from './attention';
import { type Matrix, matrix, rowOf } from './matrix';

/** One number of an attention picture, and what it is to be recomputed from. */
export interface WeightQuestion {
  /** Of one head, `[queryPositions, headWidth]`; turned already where positions are rotary. */
  readonly q: Matrix;
  /** `[keyPositions, headWidth]` */
  readonly k: Matrix;
  /** `[keyPositions, valueWidth]` */
  readonly v: Matrix;
  /** Row of the query, from 0. */
  readonly query: number;
  /** Row of the key, from 0. */
  readonly key: number;
  /** What is added to the scores of this query before the softmax (mask and bias), `keyPositions` numbers; else 0. */
  readonly addends?: Float32Array;
  /** 1/√headWidth when it is left out. */
  readonly scale?: number;
  /** The weights that the model itself gave this query, `keyPositions` numbers. */
  readonly ownWeights?: Float32Array;
}

/** The way from a query and a key to the weight between them, and on to what the head gives; see `attention.ts`. */
export interface WeightExplanation {
  /** qᵢ·kᵢ for each of the `headWidth` numbers. */
  readonly products: Float32Array;
  /** Their sum, q·k. */
  readonly score: number;
  /** By what the score is multiplied, 1/√headWidth. */
  readonly scale: number;
  readonly scaled: number;
  /** Mask and bias; −∞ where the query may not look. */
  readonly addend: number;
  /** What the softmax sees. */
  readonly masked: number;
  /** The largest such number in the query's row, which the softmax subtracts. */
  readonly rowMaximum: number;
  /** e^(masked − rowMaximum). */
  readonly power: number;
  /** The sum of these powers over all keys. */
  readonly rowTotal: number;
  /** power / rowTotal. */
  readonly weight: number;
  /** All weights of the query, `keyPositions` numbers that sum to 1. */
  readonly rowWeights: Float32Array;
  /** weight · v of this key, `valueWidth` numbers: what the key brings into the head's output. */
  readonly share: Float32Array;
  /** The sum of such shares over all keys, `valueWidth` numbers: the head's output at the query. */
  readonly output: Float32Array;
  /** Against the model's own weights, where they were given. */
  readonly difference?: {
    /** The model's own weight between query and key. */
    readonly own: number;
    /** How far the recomputed one lies from it, never negative. */
    readonly here: number;
    /** The largest such distance in the query's row. */
    readonly largest: number;
  };
}

/**
 * Recomputes one attention weight, step by step.
 * @throws {RangeError} for a query or a key that is not there, rows of another length, or a query that may look nowhere
 */
export function explainWeight(question: WeightQuestion): WeightExplanation {
  const { q, k, v, query, key, ownWeights } = question;
  requireRow(query, q.rows, 'query');
  requireRow(key, k.rows, 'key');
  const scale = question.scale ?? 1 / Math.sqrt(q.columns);
  const addends = question.addends ?? new Float32Array(k.rows);
  const queryRow = rowOf(q, query);
  const keyRow = rowOf(k, key);
  const steps = scaledDotProductAttention(matrix(1, q.columns, queryRow), k, v, {
    scale,
    mask: matrix(1, k.rows, addends),
  });
  const masked = steps.masked.data;
  const rowMaximum = masked.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Float64Array.from(masked, (value) => Math.exp(value - rowMaximum));
  const rowWeights = steps.weights.data;
  const weight = rowWeights[key]!;
  return {
    products: queryRow.map((value, at) => value * keyRow[at]!),
    score: steps.scores.data[key]!,
    scale,
    scaled: steps.scaled.data[key]!,
    addend: addends[key]!,
    masked: masked[key]!,
    rowMaximum,
    power: powers[key]!,
    rowTotal: powers.reduce((sum, power) => sum + power, 0),
    weight,
    rowWeights,
    share: rowOf(v, key).map((value) => weight * value),
    output: steps.output.data,
    ...(ownWeights && { difference: compare(rowWeights, ownWeights, key) }),
  };
}

function compare(
  found: Float32Array,
  own: Float32Array,
  key: number,
): NonNullable<WeightExplanation['difference']> {
  if (own.length !== found.length) {
    throw new RangeError(`${own.length} weights of the model for ${found.length} keys`);
  }
  const distances = found.map((value, at) => Math.abs(value - own[at]!));
  return { own: own[key]!, here: distances[key]!, largest: Math.max(...distances) };
}

function requireRow(at: number, rows: number, what: string): void {
  if (!Number.isInteger(at) || at < 0 || at >= rows) {
    throw new RangeError(`there is no ${what} ${at} among ${rows}`);
  }
}
