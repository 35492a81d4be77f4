import type { RenderedPrompt } from '../protocol/prompts';
import { mean } from './statistics';

/**
 * Takes away how likely a label is by itself, so that a model that says “positive” to everything does not win by it.
 * Log-likelihoods are of whole labels, in nats; what comes out are shares that sum to 1.
 */

/** Inputs that say nothing (Zhao et al. 2021). */
export const contentFree = ['N/A', '[MASK]', ''] as const;

/**
 * Contextual calibration (Zhao et al. 2021): each label's share is divided by its mean share after the same prompt
 * with inputs that say nothing, W = diag(p̂)⁻¹ and b = 0 in the paper's words.
 * @param free for each input that says nothing the labels' log-likelihoods
 */
export function contextual(labels: readonly number[], free: readonly (readonly number[])[]): number[] {
  const frees = free.map(sharesOf);
  const divided = sharesOf(labels).map(
    (share, label) => share / Math.max(1e-12, mean(frees.map((shares) => shares[label] ?? 0))),
  );
  const total = divided.reduce((sum, each) => sum + each, 0);
  return divided.map((each) => each / total);
}

/**
 * Domain-conditional pointwise mutual information (Holtzman et al. 2021), PMI_DC: what the prompt adds to a label's
 * log-likelihood after the domain's own words alone.
 */
export function pmi(labels: readonly number[], domain: readonly number[]): number[] {
  return sharesOf(labels.map((logLikelihood, label) => logLikelihood - (domain[label] ?? 0)));
}

/** The domain's words: what stands in a prompt behind its input, e.g. `Output:`; its last line where none is known. */
export function domainOf({ text, parts }: RenderedPrompt): string {
  const inputs = parts.filter(({ part }) => part === 'input');
  const tail = text.slice(Math.max(0, ...inputs.map(({ end }) => end))).trimStart();
  return inputs.length > 0 && tail !== '' ? tail : (text.trimEnd().split('\n').at(-1) ?? text);
}

/** Softmax. */
function sharesOf(logs: readonly number[]): number[] {
  const top = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - top));
  const total = weights.reduce((sum, each) => sum + each, 0);
  return weights.map((weight) => weight / total);
}
