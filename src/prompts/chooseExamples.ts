import type { Example, Task } from '../protocol/prompts';
import { plainAnswer } from './answers';
import { seededRandom, shuffled } from './random';

export interface ChoiceContext {
  readonly seed: number;
  /** Likeness of each example to the input, for `nearest`; without it the order of the table counts. */
  readonly similarity?: readonly number[];
}

/**
 * The examples that a prompt with `count` shots shows, never one whose input is the one asked about.
 * Nearest ones come last, next to the input (Liu et al. 2022).
 */
export function chooseExamples(task: Task, input: string, count: number, context: ChoiceContext): Example[] {
  const usable = task.examples
    .map((example, index) => ({ example, likeness: context.similarity?.[index] ?? 0, index }))
    .filter(({ example }) => example.input.trim() !== '' && example.input.trim() !== input.trim());
  const random = seededRandom(context.seed);
  switch (task.exampleChoice) {
    case 'first':
      return usable.slice(0, count).map(({ example }) => example);
    case 'random':
      return shuffled(usable, random)
        .slice(0, count)
        .map(({ example }) => example);
    case 'balanced':
      return balanced(
        shuffled(usable, random).map(({ example }) => example),
        count,
      );
    case 'nearest':
      return usable
        .sort((a, b) => b.likeness - a.likeness || a.index - b.index)
        .slice(0, count)
        .reverse()
        .map(({ example }) => example);
  }
}

/** Takes from each answer in turn, so that no label is shown more often than it must be. */
function balanced(examples: readonly Example[], count: number): Example[] {
  const byAnswer = new Map<string, Example[]>();
  for (const example of examples) {
    const answer = plainAnswer(example.output);
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), example]);
  }
  const groups = [...byAnswer.values()];
  const chosen: Example[] = [];
  for (let round = 0; chosen.length < count && groups.some((group) => group[round]); round++) {
    for (const group of groups) {
      const example = group[round];
      if (example && chosen.length < count) {
        chosen.push(example);
      }
    }
  }
  return chosen;
}
