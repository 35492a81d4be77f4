import type { PatternKind } from '../../src/attention/headLabels';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { fill } from '../common/format';

const names = {
  previous: 'patternPrevious',
  next: 'patternNext',
  self: 'patternSelf',
  near: 'patternNear',
  first: 'patternFirst',
  special: 'patternSpecial',
  punctuation: 'patternPunctuation',
  duplicate: 'patternDuplicate',
  induction: 'patternInduction',
  broad: 'patternBroad',
  offset: 'patternOffset',
} as const satisfies Record<PatternKind, keyof AttentionStrings>;

const meanings = {
  previous: 'meaningPrevious',
  next: 'meaningNext',
  self: 'meaningSelf',
  near: 'meaningNear',
  first: 'meaningFirst',
  special: 'meaningSpecial',
  punctuation: 'meaningPunctuation',
  duplicate: 'meaningDuplicate',
  induction: 'meaningInduction',
  broad: 'meaningBroad',
  offset: 'meaningOffset',
} as const satisfies Record<PatternKind, keyof AttentionStrings>;

/** A pattern's short name. */
export function patternName(kind: PatternKind, strings: AttentionStrings): string {
  return strings[names[kind]];
}

/** How the score is defined, and from which score on a head is called so. */
export function patternMeaning(kind: PatternKind, strings: AttentionStrings, threshold: number): string {
  return `${strings[meanings[kind]]} ${fill(strings.patternThreshold, threshold.toFixed(2))}`;
}
