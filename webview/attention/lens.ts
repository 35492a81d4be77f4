import type { HeadIndex } from '../../src/attention/combineHeads';
import type { Token } from '../../src/protocol/model';
import type { StackName } from '../../src/protocol/seq2seq';
import type { PinMode } from './headMatrix';

/** Which weights are drawn. */
export const combinations = [
  'head',
  'chosenMean',
  'chosenMax',
  'layerMean',
  'layerMax',
  'allMean',
  'allMax',
  'rollout',
  'flow',
] as const;
export type Combination = (typeof combinations)[number];

/** Kinds of tokens that draw attention without saying anything: the sinks. */
export const sinkKinds = ['first', 'special', 'punctuation'] as const;
export type SinkKind = (typeof sinkKinds)[number];

/** Of a sentence pair the queries' and the keys' text. */
export const directions = ['all', 'aa', 'ab', 'ba', 'bb'] as const;
export type Direction = (typeof directions)[number];

/** How the weights are looked at. It changes what is drawn, never what was computed. */
export interface Lens {
  readonly combination: Combination;
  /** Heads for `chosenMean` and `chosenMax`. */
  readonly chosen: readonly HeadIndex[];
  readonly hidden: readonly SinkKind[];
  /** What is left of a row is made a distribution again. */
  readonly renormalise: boolean;
  readonly byWord: boolean;
  readonly direction: Direction;
  /** Which attention of an encoder-decoder. */
  readonly stack: StackName;
  /** How the rows of several pinned tokens are joined. */
  readonly pins: PinMode;
  /** Weights below it are drawn as nothing. */
  readonly threshold: number;
}

export const plainLens: Lens = {
  combination: 'head',
  chosen: [],
  hidden: [],
  renormalise: true,
  byWord: false,
  direction: 'all',
  stack: 'cross',
  pins: 'mean',
  threshold: 0,
};

/** Whether a token is one of the kinds that are left out. */
export function isHidden(token: Token, index: number, hidden: readonly SinkKind[]): boolean {
  return (
    (hidden.includes('first') && index === 0) ||
    (hidden.includes('special') && token.special) ||
    (hidden.includes('punctuation') && !token.special && /^\s*\p{P}+\s*$/u.test(token.text))
  );
}

/** The indices that stay. Where nothing would stay, everything does: an empty picture helps nobody. */
export function keptTokens(tokens: readonly Token[], hidden: readonly SinkKind[]): number[] {
  const all = [...tokens.keys()];
  const kept = all.filter((index) => !isHidden(tokens[index] as Token, index, hidden));
  return kept.length === 0 ? all : kept;
}
