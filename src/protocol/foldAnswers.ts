import type { CellResult } from './prompts';

/** Answers to the same prompt that are the same, letter by letter apart from spaces around. */
export interface FoldedAnswer {
  /** Never empty; the first of them stands for all. */
  readonly results: readonly [CellResult, ...CellResult[]];
}

/** Folds identical answers, the commonest first; of equally common ones the one that came first. */
export function foldAnswers(results: readonly CellResult[]): FoldedAnswer[] {
  const folds = new Map<string, [CellResult, ...CellResult[]]>();
  for (const result of results) {
    const key = result.error === undefined ? `answer ${result.output.trim()}` : `error ${result.error}`;
    const fold = folds.get(key);
    if (fold) {
      fold.push(result);
    } else {
      folds.set(key, [result]);
    }
  }
  return [...folds.values()]
    .map((fold) => ({ results: fold }))
    .sort((a, b) => b.results.length - a.results.length);
}

/** Whether answers to the same prompt are right at one time and wrong at another. */
export function flickers(results: readonly CellResult[]): boolean {
  return results.some(({ pass }) => pass === true) && results.some(({ pass }) => pass === false);
}
