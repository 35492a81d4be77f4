import { type Task, numLetters } from './tasks';

/** The best guess that does not look at the question. */
export interface Chance {
  /** Mean cross-entropy over the blanks, in nats. */
  readonly loss: number;
  /** How often the likeliest letter is right, 0 to 1. */
  readonly accuracy: number;
}

/**
 * What a model reaches that knows how often each letter belongs into each blank and nothing else: the entropy of that
 * distribution. For most tasks it is ln 8; a sorted answer begins with an `a` more often than with an `h`.
 */
export function chanceOf(task: Task): Chance {
  const blanks = letterShares(task);
  const mean = (of: (shares: readonly number[]) => number): number =>
    blanks.reduce((sum, shares) => sum + of(shares), 0) / blanks.length;
  return {
    loss: mean((shares) => shares.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0)),
    accuracy: mean((shares) => Math.max(...shares)),
  };
}

/** How likely each letter is in each blank, found by going through the answers to all questions. */
function letterShares(task: Task): number[][] {
  if (task.isMarked) {
    // Each letter is marked as often as any other.
    return [Array.from({ length: numLetters }, () => 1 / numLetters)];
  }
  const counts = Array.from({ length: task.numBlanks }, () => new Array<number>(numLetters).fill(0));
  const total = numLetters ** task.length;
  const question = new Array<number>(task.length).fill(0);
  for (let code = 0; code < total; code++) {
    for (let at = 0, rest = code; at < task.length; at++) {
      question[at] = rest % numLetters;
      rest = (rest - question[at]!) / numLetters;
    }
    task.answer(question).forEach((letter, blank) => counts[blank]![letter]!++);
  }
  return counts.map((letters) => letters.map((count) => count / total));
}
