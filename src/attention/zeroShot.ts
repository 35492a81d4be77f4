import type { LabelScore } from '../protocol/imagePage';
import { dot, normalized } from './vectorSearch';

/** Zero-shot classification by vectors of one space (Radford et al. 2021, §3.1). */

/**
 * One vector for each label from its prompts: the mean of their vectors, brought back to length 1. The paper's
 * ensemble (§3.1.4) is built in the space of the vectors, not of the probabilities.
 * @param prompts vectors of length 1, all templates of the first label first
 */
export function labelVectors(prompts: readonly Float32Array[], numTemplates: number): Float32Array[] {
  return Array.from({ length: prompts.length / numTemplates }, (_, label) => {
    const own = prompts.slice(label * numTemplates, (label + 1) * numTemplates);
    return own.length === 1 ? (own[0] as Float32Array) : normalized(mean(own));
  });
}

/**
 * Every label's cosine with a picture, its logit (cosine times the scale) and the softmax over the labels; likeliest
 * first, equal ones in their order.
 */
export function scoreLabels(
  picture: Float32Array,
  labels: readonly string[],
  vectors: readonly Float32Array[],
  scale: number,
): LabelScore[] {
  const cosines = vectors.map((vector) => dot(picture, vector));
  const logits = cosines.map((cosine) => cosine * scale);
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return labels
    .map((label, index) => ({
      label,
      cosine: cosines[index]!,
      logit: logits[index]!,
      probability: weights[index]! / sum,
    }))
    .sort((a, b) => b.probability - a.probability);
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    vector.forEach((value, index) => {
      sum[index]! += value;
    });
  }
  return Float32Array.from(sum, (value) => value / vectors.length);
}
