import type { Answer, Frame, Strategy, Task } from '../protocol/prompts';

/** How answers are written into prompts and read out of outputs. */

/** An answer in plain words: fields are joined by commas. */
export function plainAnswer(answer: Answer): string {
  return typeof answer === 'string' ? answer : Object.values(answer).join(', ');
}

/** An answer as JSON on one line, spaced as Python's `json.dumps` does. */
function jsonAnswer(answer: Answer, key: string): string {
  const fields = typeof answer === 'string' ? { [key]: answer } : answer;
  const entries = Object.entries(fields).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** Whether this way of asking wants JSON. */
function wantsJson(task: Task, strategy: Strategy): boolean {
  return strategy.format && task.format.jsonKey !== '';
}

/** An answer as an example shows it. */
export function writtenAnswer(task: Task, strategy: Strategy, answer: Answer, reasoning?: string): string {
  const { frame } = task;
  const said = wantsJson(task, strategy)
    ? jsonAnswer(answer, task.format.jsonKey)
    : frame.answerForm.replaceAll('{answer}', plainAnswer(answer));
  if (!strategy.reasoning) {
    return said;
  }
  return [frame.reasonCue, reasoning, said].filter((part) => part).join(frame.gap);
}

/** What the prompt of a base model ends with, so that the answer has the wanted form from its first word on. */
export function answerCue(task: Task, strategy: Strategy): string {
  const { frame } = task;
  if (strategy.reasoning) {
    return frame.reasonCue;
  }
  return wantsJson(task, strategy) ? '' : beforeAnswer(frame).trimEnd();
}

export interface ReadAnswer {
  readonly answer: string | null;
  /** Null when no format was asked for. */
  readonly formatKept: boolean | null;
  /** The JSON of the output, where JSON was asked for and given. */
  readonly json?: unknown;
}

/**
 * Reads the answer out of what a model wrote. `cue` is what the prompt already said of the answer.
 * With steps the answer is what follows the last mark (`The answer is`), without a mark the last line.
 */
export function readAnswer(task: Task, strategy: Strategy, cue: string, output: string): ReadAnswer {
  if (wantsJson(task, strategy)) {
    const json = jsonIn(output);
    if (json === undefined) {
      return { answer: null, formatKept: false };
    }
    return { answer: fieldsOf(json, task.format.jsonKey), formatKept: true, json };
  }
  const { frame } = task;
  const mark = beforeAnswer(frame).trim();
  const whole = `${strategy.reasoning ? '' : cue}${output}`;
  const at = mark === '' ? -1 : whole.lastIndexOf(mark);
  if (mark !== '' && at < 0 && strategy.reasoning) {
    return { answer: lastLine(whole), formatKept: null };
  }
  const said = at < 0 ? whole : whole.slice(at + mark.length);
  const answer = clean(strategy.reasoning && mark === '' ? (lastLine(said) ?? '') : said, afterAnswer(frame));
  return { answer: answer === '' ? null : answer, formatKept: null };
}

function beforeAnswer(frame: Frame): string {
  return frame.answerForm.split('{answer}')[0] ?? '';
}

function afterAnswer(frame: Frame): string {
  return frame.answerForm.split('{answer}')[1] ?? '';
}

function clean(text: string, tail: string): string {
  const trimmed = text.trim();
  const end = tail.trim();
  return end !== '' && trimmed.endsWith(end) ? trimmed.slice(0, -end.length).trim() : trimmed;
}

function lastLine(text: string): string | null {
  return text.trim().split(/\r?\n/).at(-1)?.trim() || null;
}

/** The first JSON object or array in a text; models like to talk around it. */
function jsonIn(text: string): unknown {
  const inside = fenced(text);
  for (const candidate of inside === undefined ? [text] : [inside, text]) {
    const from = candidate.search(/[[{]/);
    const end = from < 0 ? -1 : closedAt(candidate, from);
    if (end >= 0) {
      try {
        return JSON.parse(candidate.slice(from, end)) as unknown;
      } catch {
        // What is in brackets need not be JSON.
      }
    }
  }
  return undefined;
}

/** What stands between the first two fences, without the name of its language. */
function fenced(text: string): string | undefined {
  const mark = '```';
  const open = text.indexOf(mark);
  const close = open < 0 ? -1 : text.indexOf(mark, open + mark.length);
  return close < 0 ? undefined : text.slice(open + mark.length, close).replace(/^json/, '');
}

/** Where the bracket at `from` is closed, the end excluded; -1 where it is not. One pass, whatever stands there. */
function closedAt(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (isQuoted) {
      at += Number(sign === '\\');
      isQuoted = sign !== '"';
    } else if (sign === '"') {
      isQuoted = true;
    } else if (sign === '{' || sign === '[') {
      depth++;
    } else if ((sign === '}' || sign === ']') && --depth === 0) {
      return at + 1;
    }
  }
  return -1;
}

/** The answer inside JSON: the field asked for, or all fields in their order. */
function fieldsOf(json: unknown, key: string): string | null {
  if (typeof json !== 'object' || json === null) {
    return null;
  }
  const fields = json as Record<string, unknown>;
  const values = Object.hasOwn(fields, key) ? [fields[key]] : Object.values(fields);
  const words = values.map((value) => (typeof value === 'object' ? written(value) : String(value)));
  return words.length > 0 ? words.join(', ') : null;
}

/** Nothing for what is nested deeper than can be written. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}
