import type { Example, RenderedPrompt, Strategy, Task } from '../protocol/prompts';
import { answerCue, writtenAnswer } from './answers';
import { marked, unmarked } from './marks';
import { renderTemplate } from './templateInterpreter';

/** One turn of a conversation, as chat templates take it. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * What a base model is given: examples as lines, and the beginning of the answer. Variables: `preamble`
 * (role, instruction and format in one line), `examples` (each with `input` and `output`), `input`, `cue`,
 * and of the frame `input_label`, `output_label`, `gap`.
 */
export const defaultTemplate = `{% if preamble %}{{ preamble }}
{% endif %}
{% for example in examples %}
{{ input_label }}{{ example.input }}
{{ output_label }}{{ gap }}{{ example.output }}
{% endfor %}
{{ input_label }}{{ input }}
{{ output_label }}{% if cue %}{{ gap }}{{ cue }}{% endif %}`;

/** The text for a model without a chat template. */
export function renderForBase(
  task: Task,
  strategy: Strategy,
  examples: readonly Example[],
  input: string,
): RenderedPrompt {
  const { frame } = task;
  const { text, parts } = unmarked(
    renderTemplate(frame.template, {
      preamble: preamble(task, strategy),
      examples: examples.map((example) => ({
        input: marked('examples', example.input),
        output: marked('examples', writtenAnswer(task, strategy, example.output, example.reasoning)),
      })),
      input: marked('input', input),
      input_label: frame.inputLabel,
      output_label: frame.outputLabel,
      gap: frame.gap,
      cue: marked('reasoning', answerCue(task, strategy)),
    }),
  );
  return { text, parts, template: 'study' };
}

/**
 * The conversation for a model with a chat template: the role is the system's turn, examples are earlier
 * turns. Contents carry marks; {@link promptOfChat} takes them out of what the model's template made of them.
 */
export function chatMessages(
  task: Task,
  strategy: Strategy,
  examples: readonly Example[],
  input: string,
): Message[] {
  const gap = task.frame.gap;
  const asked = [
    marked('instruction', task.instruction),
    marked('format', strategy.format ? task.format.instruction : ''),
    marked('reasoning', strategy.reasoning ? task.frame.reasonCue : ''),
  ]
    .filter((part) => part !== '')
    .join(gap);
  // The request stands in the first turn; the examples that follow are answers to it.
  const withRequest = (content: string, first: boolean): string =>
    first && asked !== '' ? `${asked}\n${content}` : content;
  const turns = examples.flatMap((example, index): Message[] => [
    { role: 'user', content: withRequest(marked('examples', example.input), index === 0) },
    {
      role: 'assistant',
      content: marked('examples', writtenAnswer(task, strategy, example.output, example.reasoning)),
    },
  ]);
  return [
    ...(strategy.role && task.role !== ''
      ? [{ role: 'system' as const, content: marked('role', task.role) }]
      : []),
    ...turns,
    { role: 'user', content: withRequest(marked('input', input), examples.length === 0) },
  ];
}

/** What a model's own template made of {@link chatMessages}. */
export function promptOfChat(rendered: string): RenderedPrompt {
  return { ...unmarked(rendered), template: 'model' };
}

/** What stands before the input, which the prompts of other inputs begin with too; UTF-16 units, 0 for an edited one. */
export function sharedPrefixOf({ parts }: RenderedPrompt): number {
  return parts.find(({ part }) => part === 'input')?.start ?? 0;
}

/** {@link chatMessages} as a reader sees them, for a provider that takes turns and writes the text itself. */
export function promptOfConversation(messages: readonly Message[]): RenderedPrompt {
  const turns = messages.map(({ role, content }) => `${role}: ${content}`);
  return { ...unmarked(turns.join('\n\n')), template: 'messages' };
}

/** The conversation without marks, to be copied. */
export function plainMessages(messages: readonly Message[]): Message[] {
  return messages.map(({ role, content }) => ({ role, content: unmarked(content).text }));
}

function preamble(task: Task, strategy: Strategy): string {
  return [
    marked('role', strategy.role ? task.role : ''),
    marked('instruction', task.instruction),
    marked('format', strategy.format ? task.format.instruction : ''),
  ]
    .filter((part) => part !== '')
    .join(task.frame.gap);
}
