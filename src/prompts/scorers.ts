import { Ajv } from 'ajv';
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
export function judge(scored: Scored): Verdict {
  const { task, item, output } = scored;
  const read = readOf(scored);
  if (task.scorer.kind === 'json') {
    const found = read.json ?? parsed(output);
    return verdictOf(scored, read, { pass: found !== undefined && fulfils(found, task.format.schema) });
  }
  if (task.scorer.kind === 'manual' || item.expected === undefined) {
    return verdictOf(scored, read, { pass: null });
  }
  return read.formatKept === false || read.answer === null
    ? verdictOf(scored, read, { pass: false })
    : verdictOf(scored, read, gradeText(task, read.answer, plainAnswer(item.expected)));
}

/**
 * Judges one output by somebody who is asked (see {@link asksElsewhere}). What cannot be read, or broke the format,
 * is wrong without asking; a similarity needs something expected to be similar to.
 */
export async function judgeBy(scored: Scored, grade: (answer: string) => Promise<Grade>): Promise<Verdict> {
  const { task, item } = scored;
  const read = readOf(scored);
  if (task.scorer.kind === 'similarity' && item.expected === undefined) {
    return verdictOf(scored, read, { pass: null });
  }
  return read.formatKept === false || read.answer === null
    ? verdictOf(scored, read, { pass: false })
    : verdictOf(scored, read, await grade(read.answer));
}

type Read = ReturnType<typeof readAnswer>;

function readOf({ task, strategy, cue, output }: Scored): Read {
  const read = readAnswer(task, strategy, cue, output);
  return read.formatKept ? { ...read, formatKept: fulfils(read.json, task.format.schema) } : read;
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

function gradeText({ scorer }: Task, answer: string, expected: string): Grade {
  switch (scorer.kind) {
    case 'contains':
      return { pass: normalised(answer).includes(normalised(expected)) };
    case 'number': {
      const [found, wanted] = [lastNumber(answer), lastNumber(expected)];
      return { pass: found !== undefined && found === wanted };
    }
    case 'regex':
      return { pass: new RegExp(scorer.pattern ?? '', 'u').test(answer) };
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

const compiled = new WeakMap<object, (value: unknown) => boolean>();

/** @throws {Error} when the schema itself is wrong; see {@link schemaProblem} */
function fulfils(value: unknown, schema: Readonly<Record<string, unknown>> | undefined): boolean {
  if (!schema) {
    return true;
  }
  let check = compiled.get(schema);
  if (!check) {
    const validate = new Ajv({ strict: false }).compile(schema);
    check = (each) => validate(each);
    compiled.set(schema, check);
  }
  return check(value);
}

/** What is wrong with a JSON Schema, or undefined. */
export function schemaProblem(schema: unknown): string | undefined {
  try {
    new Ajv({ strict: false }).compile(schema as Record<string, unknown>);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
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
