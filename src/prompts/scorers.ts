import { Ajv } from 'ajv';
import type { Failure, Item, Strategy, Task } from '../protocol/prompts';
import { plainAnswer, readAnswer } from './answers';

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
}

/** Judges one output. Without an expected answer (and for `manual`) nothing passes or fails. */
export function judge(scored: Scored): Verdict {
  const { task, strategy, item, output, cue } = scored;
  const { answer, formatKept: isJson, json } = readAnswer(task, strategy, cue, output);
  const formatKept = isJson === true ? fulfils(json, task.format.schema) : isJson;
  const verdict = (pass: boolean | null): Verdict => ({
    answer,
    formatKept,
    pass,
    failure: pass === false ? failureOf(scored, answer, formatKept) : null,
  });
  if (task.scorer.kind === 'json') {
    const found = json ?? parsed(output);
    return verdict(found !== undefined && fulfils(found, task.format.schema));
  }
  if (task.scorer.kind === 'manual' || item.expected === undefined) {
    return verdict(null);
  }
  return verdict(
    formatKept !== false && answer !== null && matches(task, answer, plainAnswer(item.expected)),
  );
}

/** Judges the label that was likeliest. */
export function judgeLabel(label: string, item: Item): Verdict {
  const pass =
    item.expected === undefined ? null : normalised(label) === normalised(plainAnswer(item.expected));
  return { answer: label, pass, failure: pass === false ? 'wrong' : null, formatKept: null };
}

function matches(task: Task, answer: string, expected: string): boolean {
  switch (task.scorer.kind) {
    case 'contains':
      return normalised(answer).includes(normalised(expected));
    case 'number': {
      const [found, wanted] = [lastNumber(answer), lastNumber(expected)];
      return found !== undefined && found === wanted;
    }
    case 'regex':
      return new RegExp(task.scorer.pattern ?? '', 'u').test(answer);
    default:
      return normalised(answer) === normalised(expected);
  }
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

/** Case, spaces, the full stop at the end and quotation marks around do not make an answer wrong. */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^["'“‘「『\s]+|["'”’」』.。!！\s]+$/gu, '')
    .toLowerCase();
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
