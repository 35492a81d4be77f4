import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { StackName } from '../../src/protocol/seq2seq';
import type { Direction } from './lens';

export const stackNameOf = {
  encoder: 'stackEncoder',
  decoder: 'stackDecoder',
  cross: 'stackCross',
} as const satisfies Record<StackName, keyof AttentionStrings>;

/** `A→B`: queries of the first text, keys of the second. */
export function directionName(direction: Exclude<Direction, 'all'>): string {
  return direction.toUpperCase().split('').join('→');
}
