import { alibiBias, alibiSlopes } from './alibi';
import { type AttentionSteps, scaledDotProductAttention } from './attention';
import { columnsOf, concatColumns } from './columns';
import { type Linear, applyLinear } from './linear';
import type { Matrix } from './matrix';
import { type Rotary, rotate } from './rotaryPositions';

export interface AttentionWeights {
  /** Heads of the queries, `h` in the paper. */
  readonly numHeads: number;
  /** Heads of the keys and values; fewer than `numHeads` in grouped-query attention. */
  readonly numKeyHeads?: number;
  /** The matrices W_Q of all heads side by side: `[modelWidth, numHeads · headWidth]`. */
  readonly query: Linear;
  /** W_K: `[modelWidth, numKeyHeads · headWidth]`. */
  readonly key: Linear;
  /** W_V: `[modelWidth, numKeyHeads · headWidth]`. */
  readonly value: Linear;
  /** W_O: `[numHeads · headWidth, modelWidth]`. */
  readonly output: Linear;
  /** Queries and keys are turned by their position. */
  readonly rotary?: Rotary;
  /** Scores are lowered with the distance. */
  readonly usesAlibi?: boolean;
}

/** One head with what went into it. */
export interface HeadSteps extends AttentionSteps {
  /** `[queryPositions, headWidth]`, turned where positions are rotary. */
  readonly q: Matrix;
  /** `[keyPositions, headWidth]`, turned where positions are rotary. */
  readonly k: Matrix;
  /** `[keyPositions, headWidth]` */
  readonly v: Matrix;
}

export interface MultiHeadSteps {
  readonly heads: readonly HeadSteps[];
  /** The heads' outputs side by side, `[queryPositions, numHeads · headWidth]`. */
  readonly concatenated: Matrix;
  /** `[queryPositions, modelWidth]` */
  readonly output: Matrix;
}

/**
 * Multi-head attention, Vaswani et al. 2017, section 3.2.2:
 *
 *     MultiHead(Q, K, V) = Concat(head₁, …, head_h)·W_O
 *     headᵢ = Attention(Q·W_Qᵢ, K·W_Kᵢ, V·W_Vᵢ)
 *
 * In self-attention queries and keys come from the same text; in cross attention the keys come from the encoder.
 * In grouped-query attention (Ainslie et al. 2023) neighbouring heads share keys and values: with 8 heads and 2 key
 * heads, queries 0–3 read key head 0 and queries 4–7 key head 1.
 * @param queriesFrom `[queryPositions, modelWidth]`
 * @param keysFrom `[keyPositions, modelWidth]`; values come from it too
 * @param mask `[queryPositions, keyPositions]`, the same for all heads
 */
export function multiHeadAttention(
  weights: AttentionWeights,
  queriesFrom: Matrix,
  keysFrom: Matrix,
  mask?: Matrix,
): MultiHeadSteps {
  const { numHeads, numKeyHeads = numHeads, rotary, usesAlibi } = weights;
  const queries = applyLinear(weights.query, queriesFrom);
  const keys = applyLinear(weights.key, keysFrom);
  const values = applyLinear(weights.value, keysFrom);
  const slopes = usesAlibi ? alibiSlopes(numHeads) : [];
  const heads = Array.from({ length: numHeads }, (_, head): HeadSteps => {
    const keyHead = Math.floor((head * numKeyHeads) / numHeads);
    const ownQueries = headOf(queries, head, numHeads);
    const ownKeys = headOf(keys, keyHead, numKeyHeads);
    const q = rotary ? rotate(ownQueries, rotary) : ownQueries;
    const k = rotary ? rotate(ownKeys, rotary) : ownKeys;
    const v = headOf(values, keyHead, numKeyHeads);
    const slope = slopes[head];
    const bias = slope === undefined ? undefined : alibiBias(slope, q.rows, k.rows);
    return {
      q,
      k,
      v,
      ...scaledDotProductAttention(q, k, v, { ...(mask && { mask }), ...(bias && { bias }) }),
    };
  });
  const concatenated = concatColumns(heads.map(({ output }) => output));
  const output = applyLinear(weights.output, concatenated);
  return { heads, concatenated, output };
}

/** The columns of one of several heads that lie side by side. */
function headOf(all: Matrix, head: number, numHeads: number): Matrix {
  const headWidth = all.columns / numHeads;
  return columnsOf(all, head * headWidth, (head + 1) * headWidth);
}
