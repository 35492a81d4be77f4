import { stringify } from 'yaml';
import type { RenderedPrompt, SamplingChoice, Task } from '../protocol/prompts';
import type { CopyFormat } from '../protocol/promptPage';
import { plainAnswer } from './answers';
import type { Message } from './renderPrompt';

export interface Copied {
  readonly prompt: RenderedPrompt;
  readonly messages: readonly Message[];
  readonly model: string;
  readonly sampling: SamplingChoice;
  readonly task: Task;
  readonly input: string;
}

/** A prompt in the form that another tool takes. */
export function copyPrompt(copied: Copied, format: CopyFormat): string {
  const { prompt, messages, sampling, model } = copied;
  switch (format) {
    case 'text':
      return prompt.text;
    case 'messages':
      return JSON.stringify(messages, null, 2);
    case 'openai':
      return JSON.stringify(
        {
          model,
          messages,
          temperature: sampling.temperature,
          top_p: sampling.topP,
          max_tokens: sampling.maxNewTokens,
          seed: sampling.seed,
          // The API takes at most four.
          ...(sampling.stop.length > 0 ? { stop: sampling.stop.slice(0, 4) } : {}),
        },
        null,
        2,
      );
    case 'transformersjs':
      return transformersJs(copied);
    case 'promptfoo':
      return promptfoo(copied);
  }
}

/** Only what transformers.js really does: it has no top-p, min-p or stop strings in `generate`. */
function transformersJs({ prompt, messages, sampling, model }: Copied): string {
  const given = prompt.template === 'model' ? messages : prompt.text;
  const options = {
    max_new_tokens: sampling.maxNewTokens,
    do_sample: sampling.temperature > 0,
    ...(sampling.temperature > 0 ? { temperature: sampling.temperature, top_k: sampling.topK } : {}),
    ...(sampling.repetitionPenalty === 1 ? {} : { repetition_penalty: sampling.repetitionPenalty }),
    ...(prompt.template === 'model' ? {} : { return_full_text: false }),
  };
  return `import { pipeline, random } from '@huggingface/transformers';

random.seed(${sampling.seed});
const generator = await pipeline('text-generation', ${JSON.stringify(model)}, { dtype: 'q8' });
const [{ generated_text }] = await generator(${JSON.stringify(given, null, 2)}, ${JSON.stringify(options, null, 2)});
console.log(generated_text);
`;
}

/** One prompt with the input as a variable, and every test item as a test. */
function promptfoo({ messages, task, input, model }: Copied): string {
  const variable = '{{input}}';
  const last = messages.length - 1;
  const withVariable = messages.map(({ role, content }, index) => ({
    role,
    content: index === last ? replaceLast(escaped(content), escaped(input), variable) : escaped(content),
  }));
  const items = task.items.length > 0 ? task.items : [{ input }];
  return stringify(
    {
      description: task.instruction,
      prompts: [JSON.stringify(withVariable, null, 2)],
      providers: [`transformers:text-generation:${model}`],
      tests: items.map((item) => ({
        vars: { input: item.input },
        ...('expected' in item && item.expected !== undefined
          ? { assert: [{ type: 'icontains', value: plainAnswer(item.expected) }] }
          : {}),
      })),
    },
    { lineWidth: 0 },
  );
}

/** Nunjucks would read braces of the text as its own. */
function escaped(text: string): string {
  return text.replaceAll('{{', "{{ '{{' }}").replaceAll('{%', "{{ '{%' }}");
}

function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  return at < 0 ? text : text.slice(0, at) + to + text.slice(at + from.length);
}
