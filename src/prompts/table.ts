import Papa from 'papaparse';
import type { Example, Item, Task } from '../protocol/prompts';

/** Rows that were pasted, as examples or as test items: CSV or TSV, with or without a line of names. */
export interface PastedRows {
  readonly rows: readonly { readonly input: string; readonly output: string; readonly reasoning: string }[];
  /** Lines that had no input. */
  readonly skipped: number;
}

const names = {
  input: ['input', 'text', 'question', 'prompt', 'sentence', '输入', '文本', '问题'],
  output: ['output', 'expected', 'answer', 'label', 'target', '输出', '答案', '标签', '期望'],
  reasoning: ['reasoning', 'rationale', 'steps', '推理', '步骤'],
} as const;

/** More rows than this are no longer looked at one by one by anybody. */
export const maxRows = 2000;

export function readTable(text: string): PastedRows {
  const { data } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: 'greedy' });
  const head = data[0]?.map((cell) => cell.trim().toLowerCase()) ?? [];
  const column = (kind: keyof typeof names): number =>
    head.findIndex((name) => (names[kind] as readonly string[]).includes(name));
  const hasHead = column('input') >= 0;
  const place = hasHead
    ? { input: column('input'), output: column('output'), reasoning: column('reasoning') }
    : { input: 0, output: 1, reasoning: 2 };
  const all = (hasHead ? data.slice(1) : data).map((cells) => ({
    input: cells[place.input]?.trim() ?? '',
    output: cells[place.output]?.trim() ?? '',
    reasoning: cells[place.reasoning]?.trim() ?? '',
  }));
  const rows = all.filter(({ input }) => input !== '').slice(0, maxRows);
  return { rows, skipped: all.length - rows.length };
}

/** Adds pasted rows to a task. */
export function withRows(task: Task, pasted: PastedRows, to: 'examples' | 'items'): Task {
  if (to === 'examples') {
    const examples = pasted.rows.map(({ input, output, reasoning }): Example => ({
      input,
      output,
      ...(reasoning === '' ? {} : { reasoning }),
    }));
    return { ...task, examples: [...task.examples, ...examples].slice(0, maxRows) };
  }
  const items = pasted.rows.map(({ input, output }): Item => ({
    input,
    ...(output === '' ? {} : { expected: output }),
  }));
  return { ...task, items: [...task.items, ...items].slice(0, maxRows) };
}
