import type { AttentionModel } from '../../src/inference/attentionModel';
import type { LanguageModel } from '../../src/inference/languageModel';

/** One published statement, and what the model on this machine says. */
export interface Fact {
  readonly statement: string;
  /** As its source gives it. */
  readonly published: string;
  readonly found: string;
  readonly holds: boolean;
}

/** A model that is to be held against what was published about it. */
export interface Subject {
  readonly folder: string;
  /** Weights as they were trained: numbers must agree, not only ranks. */
  readonly isExact: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly attention: AttentionModel;
  readonly language: LanguageModel;
}

/** A number that must agree: to `exact` with the trained weights, to `rough` with quantised ones. */
export function agrees(
  { isExact }: Pick<Subject, 'isExact'>,
  statement: string,
  found: number,
  published: number,
  exact: number,
  rough: number,
): Fact {
  const tolerance = isExact ? exact : rough;
  return {
    statement,
    published: `${published} ± ${tolerance}`,
    found: found.toFixed(4),
    holds: Math.abs(found - published) <= tolerance,
  };
}

/** Two lists that must be the same. */
export function same(
  statement: string,
  found: readonly (number | string)[],
  published: readonly (number | string)[],
): Fact {
  return {
    statement,
    published: published.join(' '),
    found: found.join(' '),
    holds: found.join(' ') === published.join(' '),
  };
}

export function atLeast(statement: string, found: number, least: number, published: string): Fact {
  return { statement, published, found: found.toFixed(4), holds: found >= least };
}

/** The token ids that a model reads, special tokens included. */
export function idsOf({ attention }: Pick<Subject, 'attention'>, text: string): number[] {
  return attention.tokenizer.tokenize(text, Infinity).tokens.map((token) => token.id);
}
