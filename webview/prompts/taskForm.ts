import { type TemplateResult, html, nothing } from 'lit';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { type SamplingChoice, type Study, type Task, taskKinds } from '../../src/protocol/prompts';
import { areaField, choiceField, numberField, textField } from './fields';
import { kindNames } from './names';
import { scorerForm } from './scorerForm';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** What is asked: the quiet row that most people need, and behind it everything else. */
export function taskForm(store: Store, study: Study, verbs: Verbs): TemplateResult {
  const { strings } = store.snapshot;
  const { task } = study;
  return html`<div class="task">
    <div class="fields">
      ${choiceField(
        strings.task,
        task.kind,
        taskKinds.map((kind) => [kind, strings[kindNames[kind]]] as const),
        (kind) => {
          verbs.setKind(kind, task.language);
        },
      )}
      ${choiceField(
        strings.language,
        task.language,
        [
          ['en', 'English'],
          ['zh', '中文'],
        ] as const,
        (language) => {
          verbs.setKind(task.kind, language);
        },
      )}
      <div class="grow">
        ${textField(
          strings.instruction,
          task.instruction,
          (instruction) => {
            verbs.editTask({ instruction });
          },
          strings.instructionHint,
        )}
      </div>
    </div>
    ${areaField(strings.input, study.input, Math.min(6, study.input.split('\n').length + 1), (input) => {
      verbs.edit({ input });
    })}
    <details
      class="details"
      ?open=${store.detailsOpen}
      @toggle=${(event: Event) => {
        store.detailsOpen = (event.target as HTMLDetailsElement).open;
      }}
    >
      <summary>${strings.details}</summary>
      ${wording(task, strings, verbs)} ${scorerForm(store, study, verbs)} ${choices(task, strings, verbs)}
      ${sampling(study.sampling, strings, (change) => {
        verbs.edit({ sampling: { ...study.sampling, ...change } });
      })}
    </details>
  </div>`;
}

function wording(task: Task, strings: PromptStrings, verbs: Verbs): TemplateResult {
  const { frame, format } = task;
  const editFrame = (change: Partial<Task['frame']>): void => {
    verbs.editTask({ frame: { ...frame, ...change } });
  };
  return html`<div class="fields">
      ${textField(strings.role, task.role, (role) => {
        verbs.editTask({ role });
      })}
      ${textField(strings.formatInstruction, format.instruction, (instruction) => {
        verbs.editTask({ format: { ...format, instruction } });
      })}
      ${textField(strings.jsonKey, format.jsonKey, (jsonKey) => {
        verbs.editTask({ format: { ...format, jsonKey: jsonKey.trim() } });
      })}
      ${textField(strings.labels, task.labels.join(', '), (text) => {
        verbs.editTask({ labels: text.split(/[,，、]/).flatMap((label) => label.trim() || []) });
      })}
      ${textField(strings.inputLabel, frame.inputLabel, (inputLabel) => {
        editFrame({ inputLabel });
      })}
      ${textField(strings.outputLabel, frame.outputLabel, (outputLabel) => {
        editFrame({ outputLabel });
      })}
      ${textField(strings.answerForm, frame.answerForm, (answerForm) => {
        editFrame({ answerForm: answerForm.includes('{answer}') ? answerForm : '{answer}' });
      })}
      ${textField(strings.reasonCue, frame.reasonCue, (reasonCue) => {
        editFrame({ reasonCue });
      })}
    </div>
    ${areaField(strings.template, frame.template, 4, (template) => {
      editFrame({ template });
    })}`;
}

function choices(task: Task, strings: PromptStrings, verbs: Verbs): TemplateResult {
  const { format } = task;
  return html`<div class="fields">
    ${
      format.jsonKey === ''
        ? nothing
        : textField(strings.schema, format.schema ? JSON.stringify(format.schema) : '', (text) => {
            verbs.editTask({ format: withSchema(format, text) });
          })
    }
    ${choiceField(
      strings.exampleChoice,
      task.exampleChoice,
      [
        ['first', strings.choiceFirst],
        ['random', strings.choiceRandom],
        ['balanced', strings.choiceBalanced],
        ['nearest', strings.choiceNearest],
      ] as const,
      (exampleChoice) => {
        verbs.editTask({ exampleChoice });
      },
    )}
  </div>`;
}

/** What is no JSON object leaves the schema as it was; nothing takes it away. */
function withSchema(format: Task['format'], text: string): Task['format'] {
  const { schema, ...rest } = format;
  if (text.trim() === '') {
    return rest;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null
      ? { ...rest, schema: parsed as Record<string, unknown> }
      : format;
  } catch {
    return schema ? format : rest;
  }
}

function sampling(
  settings: SamplingChoice,
  strings: PromptStrings,
  edit: (change: Partial<SamplingChoice>) => void,
): TemplateResult {
  const number = (
    name: 'temperature' | 'topK' | 'topP' | 'minP' | 'repetitionPenalty' | 'maxNewTokens' | 'seed',
    min: number,
    max: number,
    step: number,
  ): TemplateResult =>
    numberField(strings[name], settings[name], { min, max, step }, (value) => {
      edit({ [name]: value });
    });
  return html`<div class="fields narrow">
    ${number('temperature', 0, 5, 0.1)} ${number('topK', 0, 1000, 1)} ${number('topP', 0, 1, 0.05)}
    ${number('minP', 0, 1, 0.05)} ${number('repetitionPenalty', 0.1, 10, 0.05)}
    ${number('maxNewTokens', 1, 4096, 1)} ${number('seed', 0, 4294967295, 1)}
    ${textField(strings.stop, JSON.stringify(settings.stop), (text) => {
      edit({ stop: stopsOf(text) ?? settings.stop });
    })}
  </div>`;
}

function stopsOf(text: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text.trim() === '' ? '[]' : text);
    return Array.isArray(parsed) && parsed.every((each) => typeof each === 'string' && each !== '')
      ? (parsed as string[])
      : undefined;
  } catch {
    return undefined;
  }
}
