import Papa from 'papaparse';
import { stringify } from 'yaml';
import { plainAnswer } from '../prompts/answers';
import { defaultSampling } from '../prompts/presets';
import { chatMessages, plainMessages } from '../prompts/renderPrompt';
import { strategyId } from '../prompts/strategy';
import type { Item, Study, Task } from '../protocol/prompts';
import { type CarriedNote, Notes } from './carriedNotes';

export interface Exported {
  readonly text: string;
  readonly notes: readonly CarriedNote[];
}

/** Stands for the input while braces of the text are made harmless. */
const place = '\u{f0000}input\u{f0000}';

/** A study as a promptfoo configuration: a conversation for each way of asking, a test for each item. */
export function exportPromptfoo(study: Study, hasThreshold: boolean): Exported {
  const { task, sampling } = study;
  const notes = new Notes();
  tellOfTask(study, hasThreshold, notes);
  const config = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_new_tokens: sampling.maxNewTokens,
  };
  const text = stringify(
    {
      description: study.title || task.instruction,
      prompts: study.strategies.map((strategy) => {
        const messages = plainMessages(
          chatMessages(task, strategy, task.examples.slice(0, strategy.shots), place),
        );
        const turns = messages.map(({ role, content }) => ({ role, content: escaped(content) }));
        return {
          id: strategyId(strategy),
          label: strategyId(strategy),
          raw: JSON.stringify(turns, undefined, 2).replaceAll(place, '{{input}}'),
        };
      }),
      providers: study.models.map((model) => {
        notes.add('modelsThere', model.id);
        return { id: `transformers:text-generation:${model.id}`, config };
      }),
      tests: task.items.map((item) => ({ vars: { input: item.input }, ...assertionOf(task, item) })),
    },
    { lineWidth: 0 },
  );
  return { text, notes: notes.all };
}

/** The tests alone, as the table that promptfoo reads: the input, and what is expected of the answer. */
export function exportPromptfooCsv(study: Study): Exported {
  const notes = new Notes();
  const prefixes: Partial<Record<Task['scorer']['kind'], string>> = {
    exact: 'equals',
    contains: 'icontains',
    choice: 'equals',
  };
  const { kind } = study.task.scorer;
  const prefix = prefixes[kind];
  if (prefix === undefined) {
    notes.add('scorerOut', kind);
  } else if (prefix === 'equals') {
    notes.add('scorerStrict');
  }
  const rows = study.task.items.map(({ input, expected }) => ({
    input,
    __expected: expected === undefined || prefix === undefined ? '' : `${prefix}:${plainAnswer(expected)}`,
  }));
  return {
    text: `${Papa.unparse(rows, { columns: ['input', '__expected'], newline: '\n' })}\n`,
    notes: notes.all,
  };
}

function tellOfTask({ task, sampling, edited }: Study, hasThreshold: boolean, notes: Notes): void {
  const { kind } = task.scorer;
  if (task.exampleChoice !== 'first') {
    notes.add('examplesFixed', task.exampleChoice);
  }
  if (kind === 'exact' || kind === 'choice') {
    notes.add('scorerStrict');
  } else if (!['contains', 'regex', 'number', 'similarity', 'json', 'javascript', 'manual'].includes(kind)) {
    notes.add('scorerOut', kind);
  }
  if (Object.keys(edited).length > 0) {
    notes.add('editedOut');
  }
  if (hasThreshold) {
    notes.add('thresholdOut');
  }
  for (const name of ['topK', 'minP', 'repetitionPenalty', 'seed', 'stop'] as const) {
    if (JSON.stringify(sampling[name]) !== JSON.stringify(defaultSampling[name])) {
      notes.add('seedOut', name);
    }
  }
}

function assertionOf(
  task: Task,
  { expected }: Item,
): { assert?: readonly Readonly<Record<string, unknown>>[] } {
  const { kind, pattern, threshold, expression } = task.scorer;
  if (kind === 'json') {
    return { assert: [{ type: 'is-json', ...(task.format.schema ? { value: task.format.schema } : {}) }] };
  }
  if (kind === 'javascript') {
    return { assert: [{ type: 'javascript', value: expression ?? '' }] };
  }
  if (expected === undefined) {
    return {};
  }
  const value = plainAnswer(expected);
  switch (kind) {
    case 'exact':
    case 'choice':
      return { assert: [{ type: 'equals', value: escaped(value) }] };
    case 'contains':
      return { assert: [{ type: 'icontains', value: escaped(value) }] };
    case 'regex':
      return { assert: [{ type: 'regex', value: pattern ?? '' }] };
    case 'similarity':
      return { assert: [{ type: 'similar', value: escaped(value), threshold: threshold ?? 0.75 }] };
    case 'number': {
      // The last number of the answer, as the suite reads it.
      const last = `Number((output.match(/-?\\d[\\d,]*(?:\\.\\d+)?/g) ?? []).at(-1)?.replaceAll(',', ''))`;
      return { assert: [{ type: 'javascript', value: `${last} === ${Number(value.replaceAll(',', ''))}` }] };
    }
    default:
      return {};
  }
}

/** Nunjucks would read braces of the text as its own. */
function escaped(text: string): string {
  return text.replaceAll('{{', "{{ '{{' }}").replaceAll('{%', "{{ '{%' }}");
}
