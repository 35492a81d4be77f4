import { parse, stringify } from 'yaml';
import { ScopeError } from '../protocol/errors';
import type {
  AskedModel,
  CellResult,
  Example,
  Item,
  Scorer,
  Strategy,
  Study,
  Task,
} from '../protocol/prompts';
import { mostRepeats, scorerKinds, taskKinds } from '../protocol/prompts';
import { defaultSampling, presetTask } from './presets';
import { patternProblem, schemaProblem } from './scorers';
import { basicStrategies, parseStrategyId, strategyId } from './strategy';

/**
 * A study as a file that a person reads and writes: YAML, everything optional but the task's kind. What is
 * left out has the kind's own wording.
 */

const version = 1;

export interface StudyFile {
  readonly study: Study;
  readonly results: readonly CellResult[];
}

export function writeStudy({ study, results }: StudyFile): string {
  const { task, strategies, models, ...rest } = study;
  const document = {
    transformerScope: version,
    id: rest.id,
    title: rest.title,
    input: rest.input,
    task,
    strategies: strategies.map(strategyId),
    models,
    sampling: rest.sampling,
    ...(rest.repeats === undefined ? {} : { repeats: rest.repeats }),
    ...(Object.keys(rest.edited).length > 0 ? { edited: rest.edited } : {}),
    ...(results.length > 0 ? { results } : {}),
  };
  // What stands twice is written twice: a person does not read aliases, and neither does the reader.
  return stringify(document, { lineWidth: 100, aliasDuplicateObjects: false });
}

/**
 * @param fallbackId for a file that states no id
 * @throws {ScopeError} `studyUnreadable` with the place and what is wrong there
 */
export function readStudy(text: string, fallbackId: string): StudyFile {
  if (text.length > 20_000_000) {
    throw unreadable('more than 20 MB');
  }
  let root: unknown;
  try {
    root = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw unreadable(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const at = new Place(root, '');
  if (at.field('transformerScope').value !== version) {
    throw unreadable(`transformerScope: ${version} is missing`);
  }
  const task = readTask(at.field('task'));
  const strategies = at.field('strategies').list((each) => {
    const found = parseStrategyId(each.text());
    return found ?? each.wrong('zero-shot, one-shot, few-shot-N, +reasoning, +role, +format');
  });
  const sampling = at.field('sampling');
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
  };
}

function readTask(at: Place): Task {
  const kind =
    taskKinds.find((each) => each === at.field('kind').value) ?? at.field('kind').wrong(taskKinds.join(', '));
  const language = at.field('language').value === 'zh' ? 'zh' : 'en';
  const preset = presetTask(kind, language);
  const frame = at.field('frame');
  const format = at.field('format');
  const scorer = at.field('scorer');
  const schema = format.field('schema').value;
  const pattern = scorer.field('pattern').text('');
  const problem = (schema === undefined ? undefined : schemaProblem(schema)) ?? patternProblem(pattern);
  if (problem !== undefined) {
    throw unreadable(problem);
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
    scorer: readScorer(scorer, preset.scorer),
  };
}

function readScorer(at: Place, preset: Scorer): Scorer {
  const text = (name: 'pattern' | 'expression'): Partial<Scorer> => {
    const value = at.field(name).text('');
    return value === '' ? {} : { [name]: value };
  };
  const judge = at.field('judge');
  return {
    kind: at.field('kind').oneOf(scorerKinds, preset.kind),
    ...text('pattern'),
    ...text('expression'),
    ...(at.has('threshold') ? { threshold: at.field('threshold').number(0, 1) } : {}),
    ...(at.has('calibration')
      ? { calibration: at.field('calibration').oneOf(['none', 'contextual', 'pmi'] as const, 'none') }
      : {}),
    ...(at.has('judge')
      ? { judge: { model: readModel(judge.field('model')), prompt: judge.field('prompt').text() } }
      : {}),
    ...(at.field('vote').value === true ? { vote: true } : {}),
  };
}

/** A model without a provider is one of this computer. */
function readModel(at: Place): AskedModel {
  const provider = at.field('provider').oneOf(['local', 'server', 'editor'], 'local');
  if (provider === 'local') {
    return { id: at.field('id').text(), folder: at.field('folder').text('') };
  }
  const model = at.field('model').text();
  if (provider === 'editor') {
    return { id: at.field('id').text(model), provider, model };
  }
  const endpoint = at.field('endpoint').text();
  return {
    id: at.field('id').text(`${model}@${endpoint}`),
    provider,
    endpoint,
    model,
    api: at.field('api').oneOf(['chat', 'completions'], 'chat'),
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

/** Results are our own writing: their shape is trusted once their address is one. */
function readResult(at: Place): CellResult {
  at.field('strategy').text();
  at.field('model').text();
  at.field('item').number(-1, 1e9);
  at.field('output').text();
  at.field('fingerprint').text();
  return at.value as CellResult;
}

function unique(strategies: readonly Strategy[]): Strategy[] {
  return [...new Map(strategies.map((strategy) => [strategyId(strategy), strategy])).values()];
}

function unreadable(detail: string): ScopeError {
  return new ScopeError('studyUnreadable', detail);
}

/** A value of the file, with the path by which a person finds it. */
class Place {
  constructor(
    readonly value: unknown,
    private readonly path: string,
  ) {}

  has(name: string): boolean {
    return this.field(name).value !== undefined;
  }

  field(name: string): Place {
    const { value } = this;
    const inside =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined;
    return new Place(inside ?? undefined, this.path === '' ? name : `${this.path}.${name}`);
  }

  /** A number stands for its own digits: `expected: 9` is meant as "9". */
  text(fallback?: string): string {
    const { value } = this;
    if (value === undefined && fallback !== undefined) {
      return fallback;
    }
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : this.wrong('text');
  }

  number(least: number, most: number, fallback?: number): number {
    const value = this.value === undefined ? fallback : this.value;
    return typeof value === 'number' && value >= least && value <= most
      ? value
      : this.wrong(`${least} … ${most}`);
  }

  oneOf<T extends string>(values: readonly T[], fallback: T): T {
    return this.value === undefined
      ? fallback
      : (values.find((each) => each === this.value) ?? this.wrong(values.join(', ')));
  }

  answer(): Example['output'] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.text();
    }
    return Object.fromEntries(
      this.entries().map(([name, each]) => [name, typeof each.value === 'number' ? each.value : each.text()]),
    );
  }

  list<T>(read: (at: Place) => T): T[] {
    const { value } = this;
    if (value === undefined) {
      return [];
    }
    return Array.isArray(value)
      ? value.map((each: unknown, index) => read(new Place(each, `${this.path}[${index}]`)))
      : this.wrong('a list');
  }

  entries(): [string, Place][] {
    const { value } = this;
    if (value === undefined) {
      return [];
    }
    return typeof value === 'object' && value !== null
      ? Object.keys(value).map((name) => [name, this.field(name)])
      : this.wrong('fields');
  }

  wrong(expected: string): never {
    throw unreadable(`${this.path}: ${expected}`);
  }
}
