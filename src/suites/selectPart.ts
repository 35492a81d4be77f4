import { strategyId } from '../prompts/strategy';
import { ScopeError } from '../protocol/errors';
import type { Study } from '../protocol/prompts';

/** A part of a suite; what is left out is not narrowed. */
export interface Part {
  /** Text that an item's input contains, in any case, or a regular expression between slashes. */
  readonly filter?: string;
  readonly strategies?: readonly string[];
  /** Ids of models of the suite. */
  readonly models?: readonly string[];
  /** At most so many items, from the first. */
  readonly limit?: number;
}

/**
 * The part of a study that is to be run. What stays is asked just as in the whole, so answers fit both.
 * @throws {ScopeError} `badRequest` with the name of what is not in the suite
 */
export function selectPart(study: Study, { filter, strategies, models, limit }: Part): Study {
  const fits = filter === undefined ? () => true : filterOf(filter);
  const items = study.task.items.filter(({ input }) => fits(input)).slice(0, limit);
  const ways = study.strategies.map(strategyId);
  const strange =
    strategies?.find((each) => !ways.includes(each)) ??
    models?.find((each) => study.models.every(({ id }) => id !== each));
  if (strange !== undefined) {
    throw new ScopeError('badRequest', strange);
  }
  return {
    ...study,
    task: { ...study.task, items },
    strategies: study.strategies.filter((each) => strategies?.includes(strategyId(each)) ?? true),
    models: study.models.filter(({ id }) => models?.includes(id) ?? true),
  };
}

/** @throws {ScopeError} `badRequest` for a regular expression that is none */
function filterOf(filter: string): (input: string) => boolean {
  const pattern = /^\/(.+)\/([imsu]*)$/s.exec(filter);
  if (!pattern) {
    const wanted = filter.toLowerCase();
    return (input) => input.toLowerCase().includes(wanted);
  }
  try {
    const expression = new RegExp(pattern[1] ?? '', pattern[2]);
    return (input) => expression.test(input);
  } catch {
    throw new ScopeError('badRequest', filter);
  }
}
