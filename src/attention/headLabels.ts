import type { HeadPatterns } from './headPatterns';

/** Habits of a head that have a name. */
export const patternKinds = [
  'previous',
  'next',
  'self',
  'near',
  'first',
  'special',
  'punctuation',
  'duplicate',
  'induction',
  'broad',
  'offset',
] as const;
export type PatternKind = (typeof patternKinds)[number];

/** Those that a picture can show; a text can show all but `near`. */
export const picturePatternKinds = [
  'self',
  'near',
  'special',
  'broad',
] as const satisfies readonly PatternKind[];

/** A habit that a head has, with the score that says so. */
export interface HeadLabel {
  readonly kind: PatternKind;
  readonly score: number;
}

/**
 * The score from which on a head is called so. Those of Clark et al. 2019 for previous, next, special tokens
 * and punctuation, and their 3.8 nats of entropy on 128 tokens as a share of `ln 128`; the others are ours.
 */
export const labelThresholds: Readonly<Record<PatternKind, number>> = {
  previous: 0.5,
  next: 0.5,
  self: 0.5,
  near: 0.5,
  first: 0.6,
  special: 0.6,
  punctuation: 0.6,
  duplicate: 0.4,
  induction: 0.4,
  broad: 3.8 / Math.log(128),
  offset: 0.4,
};

/** The score of one pattern, by which heads are ranked. */
export function scoreOf(patterns: HeadPatterns, kind: PatternKind): number {
  switch (kind) {
    case 'broad':
      return patterns.entropy;
    case 'offset':
      return patterns.offsetScore;
    default:
      return patterns[kind];
  }
}

/** What a head may be called, the clearest first. Where [CLS] is the first token only the special tokens are named. */
export function headLabels(patterns: HeadPatterns): HeadLabel[] {
  const labels = patternKinds
    .map((kind) => ({ kind, score: scoreOf(patterns, kind) }))
    .filter(({ kind, score }) => score >= labelThresholds[kind]);
  const special = labels.find(({ kind }) => kind === 'special');
  return labels
    .filter(({ kind, score }) => !(kind === 'first' && special && special.score >= score - 1e-6))
    .sort((a, b) => b.score - labelThresholds[b.kind] - (a.score - labelThresholds[a.kind]));
}
