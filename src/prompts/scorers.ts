import type { Failure, Item, ScorerKind, Strategy, Task } from '../protocol/prompts';
import { plainAnswer, readAnswer } from './answers';
import { editSimilarity, normalised, wordF1 } from './textScores';

/** What a scorer is given. */
export interface Scored {
  readonly task: Task;
  readonly strategy: Strategy;
  readonly item: Item;
  /** What the prompt already said of the answer. */
  readonly cue: string;
  readonly output: string;
  /** Whether the model stopped only because it was not allowed to write more. */
  readonly wasCut: boolean;
}

export interface Verdict {
  readonly answer: string | null;
  readonly pass: boolean | null;
  readonly failure: Failure | null;
  readonly formatKept: boolean | null;
  readonly score?: number;
  readonly baseline?: number;
}

/** What is said of an answer by itself; `pass` may be open, e.g. where a judge could not be understood. */
export interface Grade {
  readonly pass: boolean | null;
  /** From 0 to 1. */
  readonly score?: number;
  /** What unrelated answers get. */
  readonly baseline?: number;
}

/** Scorers that need more than the texts: a model, or a sandbox. */
const asking: readonly ScorerKind[] = ['similarity', 'judge', 'javascript'];

export function asksElsewhere({ scorer }: Task): boolean {
  return asking.includes(scorer.kind);
}

/** The least score that passes where the task states none; of a similarity see `study/answerGrader.ts`. */
export const usualThreshold = { f1: 0.5, edit: 0.8, judge: 0.5, javascript: 0.5 } as const;

/** Judges one output. Without an expected answer (and for `manual`) nothing passes or fails. */
export function judge(scored: Scored, facts: BoxedFacts = noFacts): Verdict {
  const { task, item } = scored;
  const read = readOf(scored, facts);
  if (task.scorer.kind === 'json') {
    return verdictOf(scored, read, { pass: jsonOf(scored, read) !== undefined && facts.fulfils });
  }
  if (task.scorer.kind === 'manual' || item.expected === undefined) {
    return verdictOf(scored, read, { pass: null });
  }
  return read.formatKept === false || read.answer === null
    ? verdictOf(scored, read, { pass: false })
    : verdictOf(scored, read, gradeText(task, read.answer, plainAnswer(item.expected), facts));
}

/**
 * Judges one output by somebody who is asked (see {@link asksElsewhere}). What cannot be read, or broke the format,
 * is wrong without asking; a similarity needs something expected to be similar to.
 */
export async function judgeBy(
  scored: Scored,
  grade: (answer: string) => Promise<Grade>,
  facts: BoxedFacts = noFacts,
): Promise<Verdict> {
  const { task, item } = scored;
  const read = readOf(scored, facts);
  if (task.scorer.kind === 'similarity' && item.expected === undefined) {
    return verdictOf(scored, read, { pass: null });
  }
  return read.formatKept === false || read.answer === null
    ? verdictOf(scored, read, { pass: false })
    : verdictOf(scored, read, await grade(read.answer));
}

/**
 * What a person's regular expression and JSON Schema say of an answer. Both come with a suite, and both can be made
 * to compute for ever, so they are not run here: see `boxedFacts.ts`.
 */
export interface BoxedFacts {
  /** Whether the JSON of the answer fulfils the schema. */
  readonly fulfils: boolean;
  /** Whether the answer matches the pattern. */
  readonly matches: boolean;
}

/** For tasks that state neither a schema nor a pattern. */
export const noFacts: BoxedFacts = { fulfils: true, matches: false };

/** What has to be found out for {@link BoxedFacts}. */
export function boxedDemands(scored: Scored): {
  readonly json?: { readonly schema: JsonSchema; readonly value: unknown };
  readonly text?: { readonly pattern: string; readonly value: string };
} {
  const { task } = scored;
  const { schema } = task.format;
  const { kind, pattern = '' } = task.scorer;
  const read = readAnswer(task, scored.strategy, scored.cue, scored.output);
  const value = schema && jsonOf(scored, read);
  return {
    ...(schema && value !== undefined ? { json: { schema, value } } : {}),
    ...(kind === 'regex' && read.answer !== null ? { text: { pattern, value: read.answer } } : {}),
  };
}

export type JsonSchema = NonNullable<Task['format']['schema']>;
type Read = ReturnType<typeof readAnswer>;

/** What is held against the schema: the JSON that was asked for, else for the scorer `json` the output as it is. */
function jsonOf({ task, output }: Scored, read: Read): unknown {
  return read.json ?? (task.scorer.kind === 'json' ? parsed(output) : undefined);
}

function readOf({ task, strategy, cue, output }: Scored, { fulfils }: BoxedFacts): Read {
  const read = readAnswer(task, strategy, cue, output);
  return read.formatKept ? { ...read, formatKept: fulfils } : read;
}

function verdictOf(scored: Scored, { answer, formatKept }: Read, grade: Grade): Verdict {
  return {
    answer,
    formatKept,
    ...grade,
    failure: grade.pass === false ? failureOf(scored, answer, formatKept) : null,
  };
}

/** Judges the label that was likeliest. */
export function judgeLabel(label: string, item: Item): Verdict {
  const pass =
    item.expected === undefined ? null : normalised(label) === normalised(plainAnswer(item.expected));
  return { answer: label, pass, failure: pass === false ? 'wrong' : null, formatKept: null };
}

function gradeText({ scorer }: Task, answer: string, expected: string, { matches }: BoxedFacts): Grade {
  switch (scorer.kind) {
    case 'contains':
      return { pass: normalised(answer).includes(normalised(expected)) };
    case 'number': {
      const [found, wanted] = [lastNumber(answer), lastNumber(expected)];
      return { pass: found !== undefined && found === wanted };
    }
    case 'regex':
      return { pass: matches };
    case 'f1':
      return graded(wordF1(answer, expected), scorer.threshold ?? usualThreshold.f1);
    case 'edit':
      return graded(editSimilarity(answer, expected), scorer.threshold ?? usualThreshold.edit);
    default:
      return { pass: normalised(answer) === normalised(expected) };
  }
}

/** A score against the least that passes; rounding does not decide. */
export function graded(score: number, threshold: number): Grade {
  return { pass: score >= threshold - 1e-9, score };
}

function failureOf({ output, wasCut }: Scored, answer: string | null, formatKept: boolean | null): Failure {
  if (output.trim() === '') {
    return 'empty';
  }
  if (wasCut && (answer === null || formatKept === false)) {
    return 'cut';
  }
  return formatKept === false ? 'format' : 'wrong';
}

/** The last number of a text; digits may be grouped by commas. */
export function lastNumber(text: string): number | undefined {
  const found = text
    .normalize('NFKC')
    .match(/-?\d[\d,]*(?:\.\d+)?/g)
    ?.at(-1);
  return found === undefined ? undefined : Number(found.replaceAll(',', ''));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What is wrong with a regular expression, or undefined. */
export function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
