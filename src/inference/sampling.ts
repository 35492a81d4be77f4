import type { SamplingOptions } from '../protocol/language';
import { sumOfExponentials } from './sumOfExponentials';

/**
 * From logits to a next token: the processors of Hugging Face's `generate`, in its order (repetition
 * penalty, temperature, top-k, top-p, min-p), on plain arrays of `[vocabulary]` logits in nats.
 */

/** One entry of a ranked distribution. */
export interface Ranked {
  readonly id: number;
  /** Natural logarithm of the full-vocabulary probability. */
  readonly logProbability: number;
}

/**
 * @param logits `[vocabulary]`, left as it is
 * @param seen the ids of prompt and text so far, for the repetition penalty
 * @returns `[vocabulary]` processed logits; a token that may not be drawn has `-Infinity`
 */
export function processLogits(
  logits: ArrayLike<number>,
  seen: Iterable<number>,
  options: SamplingOptions,
): Float64Array {
  const scores = new Float64Array(logits);
  const { repetitionPenalty = 1, temperature = 1, topK = 0, topP = 1, minP = 0 } = options;
  if (repetitionPenalty !== 1) {
    for (const id of new Set(seen)) {
      const score = scores[id];
      if (score !== undefined) {
        scores[id] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty;
      }
    }
  }
  if (temperature === 0) {
    return scores;
  }
  for (let id = 0; id < scores.length; id++) {
    scores[id] = scores[id]! / temperature;
  }
  if (topK > 0 && topK < scores.length) {
    dropBelow(scores, nthLargest(scores, topK));
  }
  if (topP < 1) {
    keepNucleus(scores, topP);
  }
  if (minP > 0) {
    // p < minP · pMax, as a difference of logarithms.
    dropBelow(scores, maximum(scores) + Math.log(minP));
  }
  return scores;
}

/** Sorting a vocabulary takes longer than everything else here, so the few largest are kept in order. */
function nthLargest(scores: Float64Array, count: number): number {
  if (count > 256) {
    return new Float64Array(scores).sort()[scores.length - count]!;
  }
  // Falling, the largest first.
  const largest = new Float64Array(count).fill(-Infinity);
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id]!;
    if (score <= largest[count - 1]!) {
      continue;
    }
    let place = count - 1;
    while (place > 0 && largest[place - 1]! < score) {
      largest[place] = largest[place - 1]!;
      place--;
    }
    largest[place] = score;
  }
  return largest[count - 1]!;
}

function dropBelow(scores: Float64Array, least: number): void {
  for (let id = 0; id < scores.length; id++) {
    if (scores[id]! < least) {
      scores[id] = -Infinity;
    }
  }
}

/** A token goes when those likelier than it already hold `topP`; the likeliest always stays. */
function keepNucleus(scores: Float64Array, topP: number): void {
  const logProbabilities = logSoftmax(scores);
  const order = [...scores.keys()].filter((id) => scores[id]! > -Infinity);
  order.sort((a, b) => scores[b]! - scores[a]!);
  let mass = 0;
  for (const [rank, id] of order.entries()) {
    if (rank > 0 && mass >= topP) {
      scores[id] = -Infinity;
    }
    mass += Math.exp(logProbabilities[id]!);
  }
}

/** `log softmax(logits)` of `[vocabulary]`, in nats. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const normaliser = logSumExp(logits);
  // `from` with a function takes twenty times as long over a vocabulary.
  const result = new Float64Array(logits);
  for (let id = 0; id < result.length; id++) {
    result[id] = result[id]! - normaliser;
  }
  return result;
}

/**
 * `log Σ exp(logit)`, with the maximum taken out first.
 * @param top the largest logit, where it is known already
 */
export function logSumExp(logits: ArrayLike<number>, top = maximum(logits)): number {
  return top + Math.log(sumOfExponentials(logits, top));
}

function maximum(values: ArrayLike<number>): number {
  let top = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value > top) {
      top = value;
    }
  }
  return top;
}

/** The first of the largest. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  let top = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value > top) {
      top = value;
      best = index;
    }
  }
  return best;
}

/** The `count` likeliest tokens, likeliest first; equal ones by id. Probabilities are over all tokens. */
export function rank(logits: ArrayLike<number>, count: number): Ranked[] {
  if (count <= 0) {
    return [];
  }
  const normaliser = logSumExp(logits);
  const best: number[] = [];
  let least = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    if (best.length === count && logits[id]! <= least) {
      continue;
    }
    let place = best.length;
    while (place > 0 && logits[best[place - 1]!]! < logits[id]!) {
      place--;
    }
    best.splice(place, 0, id);
    best.length = Math.min(best.length, count);
    least = logits[best.at(-1)!]!;
  }
  return best.map((id) => ({ id, logProbability: logits[id]! - normaliser }));
}

/** Draws from `softmax(logits)` by inverting the cumulative distribution at `uniform` in [0, 1). */
export function sample(logits: ArrayLike<number>, uniform: number): number {
  const normaliser = logSumExp(logits);
  let left = uniform;
  let last = 0;
  for (let id = 0; id < logits.length; id++) {
    const probability = Math.exp(logits[id]! - normaliser);
    if (probability > 0) {
      last = id;
      left -= probability;
      if (left < 0) {
        return id;
      }
    }
  }
  return last;
}

/** Entropy in bits of the distribution that logits stand for, at temperature 1. */
export function entropyBits(logits: ArrayLike<number>): number {
  const total = logSumExp(logits);
  let nats = 0;
  for (let id = 0; id < logits.length; id++) {
    const logProbability = logits[id]! - total;
    nats -= logProbability === -Infinity ? 0 : Math.exp(logProbability) * logProbability;
  }
  return nats / Math.LN2;
}
