import type { Citation } from './works';

/** A law of loss as it was published; loss in nats per token of its own text and vocabulary. */
export interface ScalingLaw {
  readonly name: 'kaplanParameters' | 'kaplanData' | 'hoffmann';
  readonly formula: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly source: Citation;
}

const kaplan = { N: 8.8e13, alphaN: 0.076, D: 5.4e13, alphaD: 0.095 } as const;
const hoffmann = { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 } as const;

export const scalingLaws: readonly ScalingLaw[] = [
  {
    name: 'kaplanParameters',
    formula: 'L(N) = (N_c / N)^α_N',
    constants: { N_c: kaplan.N, α_N: kaplan.alphaN },
    source: { work: 'kaplan2020', place: 'equation 1.1' },
  },
  {
    name: 'kaplanData',
    formula: 'L(D) = (D_c / D)^α_D',
    constants: { D_c: kaplan.D, α_D: kaplan.alphaD },
    source: { work: 'kaplan2020', place: 'equation 1.2' },
  },
  {
    name: 'hoffmann',
    formula: 'L(N, D) = E + A / N^α + B / D^β',
    constants: { E: hoffmann.E, A: hoffmann.A, B: hoffmann.B, α: hoffmann.alpha, β: hoffmann.beta },
    source: { work: 'hoffmann2022', place: 'section 3.3 and appendix D (approach 3)' },
  },
];

/**
 * Loss of a decoder of `n` parameters that are no embeddings, trained on enough text until it no longer improves.
 * Kaplan et al. 2020, equation 1.1; found between 768 and 1.5 billion parameters on WebText2.
 */
export function kaplanLoss(n: number): number {
  return (kaplan.N / n) ** kaplan.alphaN;
}

/** Loss of a large decoder trained on `d` tokens with early stopping. Kaplan et al. 2020, equation 1.2. */
export function kaplanDataLoss(d: number): number {
  return (kaplan.D / d) ** kaplan.alphaD;
}

/**
 * Loss of a decoder of `n` parameters after one pass over `d` tokens.
 * Hoffmann et al. 2022, approach 3; found between 70 million and 16 billion parameters on MassiveText.
 */
export function hoffmannLoss(n: number, d: number): number {
  return hoffmann.E + hoffmann.A / n ** hoffmann.alpha + hoffmann.B / d ** hoffmann.beta;
}

/** Our own measurement's fit: `a · n^-b + c`. */
export function fittedLoss(
  { a, b, c }: { readonly a: number; readonly b: number; readonly c: number },
  n: number,
): number {
  return a * n ** -b + c;
}
