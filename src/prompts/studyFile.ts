import { stringify } from 'yaml';
import { ScopeError } from '../protocol/errors';
import type { CellResult, Example, Item, Strategy, Study, Task } from '../protocol/prompts';
import { mostRepeats, taskKinds } from '../protocol/prompts';
import { defaultSampling, presetTask } from './presets';
import { Place, studyUnreadable } from './place';
import { cellResult } from './resultShape';
import { readModel, writtenModel } from './studyModels';
import { schemaProblem } from './schemaCode';
import { readScorer } from './studyScorer';
import { basicStrategies, parseStrategyId, strategyId } from './strategy';
import { yamlValue } from './yamlDocument';

/**
 * A study as a file that a person reads and writes: YAML, everything optional but the task's kind. What is
 * left out has the kind's own wording. A suite (`*.prompts.yaml`) is such a file that is kept beside what it tests;
 * `media/suite/prompts.schema.json` describes it for editors.
 */

const version = 1;

/** The share of right answers that every way of asking must reach, or each that is named. */
export type Threshold = number | Readonly<Record<string, number>>;

export interface StudyFile {
  readonly study: Study;
  readonly results: readonly CellResult[];
  /** Absent: every answer must be right. */
  readonly threshold?: Threshold;
}

export function writeStudy({ study, results, threshold }: StudyFile): string {
  const document = {
    ...studyDocument(study),
    ...(threshold === undefined ? {} : { threshold }),
    ...(results.length > 0 ? { results } : {}),
  };
  // What stands twice is written twice: a person does not read aliases, and neither does the reader.
  return stringify(document, { lineWidth: 100, aliasDuplicateObjects: false });
}

/** A study as its file has it, with nothing left out: what an editor of the file compares before and after. */
export function studyDocument(study: Study): Readonly<Record<string, unknown>> {
  const { task, strategies, models, ...rest } = study;
  return {
    transformerScope: version,
    id: rest.id,
    title: rest.title,
    input: rest.input,
    task,
    strategies: strategies.map(strategyId),
    models: models.map(writtenModel),
    sampling: rest.sampling,
    ...(rest.repeats === undefined ? {} : { repeats: rest.repeats }),
    ...(Object.keys(rest.edited).length > 0 ? { edited: rest.edited } : {}),
  };
}

/**
 * @param fallbackId for a file that states no id
 * @throws {ScopeError} `studyUnreadable` with the place and what is wrong there
 */
export function readStudy(text: string, fallbackId: string): StudyFile {
  if (text.length > 20_000_000) {
    throw studyUnreadable('more than 20 MB');
  }
  let root: unknown;
  try {
    root = yamlValue(text);
  } catch (error) {
    throw studyUnreadable(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const at = new Place(root, '');
  if (at.field('transformerScope').value !== version) {
    throw studyUnreadable(`transformerScope: ${version} is missing`);
  }
  const task = readTask(at.field('task'));
  const strategies = at.field('strategies').list((each) => {
    const found = parseStrategyId(each.text());
    return found ?? each.wrong('zero-shot, one-shot, few-shot-N, +reasoning, +role, +format');
  });
  const sampling = at.field('sampling').fields();
  return {
    study: {
      id:
        at
          .field('id')
          .text(fallbackId)
          .replace(/[^\w-]/g, '')
          .slice(0, 64) || fallbackId,
      title: at.field('title').text(''),
      input: at.field('input').text(''),
      task,
      strategies: unique(strategies.length > 0 ? strategies : basicStrategies(3)),
      models: at.field('models').list(readModel),
      sampling: {
        temperature: sampling.field('temperature').number(0, 5, defaultSampling.temperature),
        topK: sampling.field('topK').number(0, 1e6, defaultSampling.topK),
        topP: sampling.field('topP').number(0, 1, defaultSampling.topP),
        minP: sampling.field('minP').number(0, 1, defaultSampling.minP),
        repetitionPenalty: sampling
          .field('repetitionPenalty')
          .number(0.1, 10, defaultSampling.repetitionPenalty),
        maxNewTokens: sampling.field('maxNewTokens').number(1, 4096, defaultSampling.maxNewTokens),
        seed: sampling.field('seed').number(0, 2 ** 32 - 1, defaultSampling.seed),
        stop: sampling.has('stop')
          ? sampling.field('stop').list((each) => each.text())
          : defaultSampling.stop,
      },
      ...(at.has('repeats') ? { repeats: Math.round(at.field('repeats').number(1, mostRepeats)) } : {}),
      edited: Object.fromEntries(
        at
          .field('edited')
          .entries()
          .map(([key, each]) => [key, each.text()]),
      ),
    },
    results: at.field('results').list(readResult),
    ...(at.has('threshold') ? { threshold: readThreshold(at.field('threshold')) } : {}),
  };
}

function readThreshold(at: Place): Threshold {
  if (typeof at.value !== 'object' || Array.isArray(at.value)) {
    return at.number(0, 1);
  }
  return Object.fromEntries(
    at.entries().map(([way, each]) => {
      const strategy = parseStrategyId(way) ?? each.wrong('zero-shot, one-shot, few-shot-N, …');
      return [strategyId(strategy), each.number(0, 1)];
    }),
  );
}

function readTask(at: Place): Task {
  const kind =
    taskKinds.find((each) => each === at.field('kind').value) ?? at.field('kind').wrong(taskKinds.join(', '));
  const language = at.field('language').oneOf(['en', 'zh'], 'en');
  const preset = presetTask(kind, language);
  const frame = at.field('frame').fields();
  const format = at.field('format').fields();
  const schema = format.field('schema').value;
  const problem = schema === undefined ? undefined : schemaProblem(schema);
  if (problem !== undefined) {
    throw studyUnreadable(problem);
  }
  return {
    ...preset,
    instruction: at.field('instruction').text(preset.instruction),
    role: at.field('role').text(preset.role),
    format: {
      instruction: format.field('instruction').text(preset.format.instruction),
      jsonKey: format.field('jsonKey').text(preset.format.jsonKey),
      ...(schema === undefined ? {} : { schema: schema as Record<string, unknown> }),
    },
    frame: {
      inputLabel: frame.field('inputLabel').text(preset.frame.inputLabel),
      outputLabel: frame.field('outputLabel').text(preset.frame.outputLabel),
      gap: frame.field('gap').text(preset.frame.gap),
      answerForm: frame.field('answerForm').text(preset.frame.answerForm),
      reasonCue: frame.field('reasonCue').text(preset.frame.reasonCue),
      template: frame.field('template').text(preset.frame.template),
    },
    labels: at.has('labels') ? at.field('labels').list((each) => each.text()) : preset.labels,
    examples: at.field('examples').list(readExample),
    exampleChoice: at.field('exampleChoice').oneOf(['first', 'random', 'balanced', 'nearest'], 'first'),
    items: at.field('items').list(readItem),
    scorer: readScorer(at.field('scorer'), preset.scorer.kind),
  };
}

function readExample(at: Place): Example {
  const reasoning = at.field('reasoning').text('');
  return {
    input: at.field('input').text(),
    output: at.field('output').answer(),
    ...(reasoning === '' ? {} : { reasoning }),
  };
}

function readItem(at: Place): Item {
  return {
    input: at.field('input').text(),
    ...(at.has('expected') ? { expected: at.field('expected').answer() } : {}),
  };
}

function readResult(at: Place): CellResult {
  try {
    return cellResult(at.value, 'result');
  } catch (error) {
    throw at.wrong(error instanceof ScopeError ? (error.detail ?? '') : String(error));
  }
}

function unique(strategies: readonly Strategy[]): Strategy[] {
  return [...new Map(strategies.map((strategy) => [strategyId(strategy), strategy])).values()];
}
