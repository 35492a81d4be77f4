import type { TrainTask } from '../protocol/train';

/** The letters of questions and answers; a model answers with one of them. */
export const alphabet = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
export const numLetters = alphabet.length;
/** Letter `i` with a mark has the number `numLetters + i`. */
const arrow = 2 * numLetters;
const blank = arrow + 1;
export const vocabularySize = blank + 1;

/** One thing to be learnt. */
export interface Task {
  /** Letters of a question. */
  readonly length: number;
  readonly numBlanks: number;
  /** Whether one letter of a question bears the mark. */
  readonly isMarked: boolean;
  /** The letters, 0 to 7, that belong into the blanks. */
  answer(question: readonly number[]): number[];
}

/** A question as the model reads it, `a b c → □ □ □`, and the letter that belongs into each blank. */
export interface Example {
  /** Numbers of the vocabulary: question, arrow, blanks. */
  readonly tokens: readonly number[];
  readonly targets: readonly number[];
}

/**
 * The blanks stand behind the question and are all alike. So whatever is written into one of them was brought there by
 * attention, and which blank it is only its position tells.
 */
export const tasks: Readonly<Record<TrainTask, Task>> = {
  copy: { length: 5, numBlanks: 5, isMarked: false, answer: (question) => [...question] },
  reverse: { length: 5, numBlanks: 5, isMarked: false, answer: (question) => [...question].reverse() },
  sort: {
    length: 5,
    numBlanks: 5,
    isMarked: false,
    answer: (question) => [...question].sort((one, other) => one - other),
  },
  pick: {
    length: 8,
    numBlanks: 1,
    isMarked: true,
    answer: (question) => question.filter((token) => token >= numLetters).map((token) => token - numLetters),
  },
};

/** Tokens of a question, its arrow and its blanks. */
export function numPositions({ length, numBlanks }: Task): number {
  return length + 1 + numBlanks;
}

/** The whole that a model reads, for a question of the right form. */
export function exampleOf(task: Task, question: readonly number[]): Example {
  return {
    tokens: [...question, arrow, ...Array.from({ length: task.numBlanks }, () => blank)],
    targets: task.answer(question),
  };
}

/** A question by chance: every letter equally likely in every place. */
export function drawQuestion({ length, isMarked }: Task, random: () => number): number[] {
  const question = Array.from({ length }, () => Math.floor(random() * numLetters));
  if (isMarked) {
    question[Math.floor(random() * length)]! += numLetters;
  }
  return question;
}

/** A token as it is shown: letters, `*c` for a marked one, `→` and `□`. */
export function tokenText(token: number): string {
  if (token < arrow) {
    return `${token < numLetters ? '' : '*'}${alphabet[token % numLetters]}`;
  }
  return token === arrow ? '→' : '□';
}

/** A question as it is typed: `a b *c d`. */
export function questionText(question: readonly number[]): string {
  return question.map(tokenText).join(' ');
}

/**
 * Reads a typed question; blanks and commas between letters do not matter, neither does upper case.
 * @returns undefined when it is none of this task
 */
export function parseQuestion({ length, isMarked }: Task, text: string): number[] | undefined {
  const compact = text
    .toLowerCase()
    .replace(/[\s,，、]/g, '')
    .replace(/＊/g, '*');
  if (!/^(\*?[a-h])*$/.test(compact)) {
    return undefined;
  }
  const question = (compact.match(/\*?[a-h]/g) ?? []).map(
    (each) => each.charCodeAt(each.length - 1) - 97 + (each.length === 2 ? numLetters : 0),
  );
  const numMarks = question.filter((token) => token >= numLetters).length;
  return question.length === length && numMarks === (isMarked ? 1 : 0) ? question : undefined;
}
