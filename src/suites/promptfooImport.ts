import { defaultSampling, presetTask } from '../prompts/presets';
import { studyUnreadable } from '../prompts/place';
import { guessLanguage } from '../prompts/presets';
import { yamlValue } from '../prompts/yamlDocument';
import type { SamplingChoice, Strategy, Study } from '../protocol/prompts';
import { type CarriedNote, Notes } from './carriedNotes';
import { testsOfCsv } from './promptfooCsv';
import { type PromptfooPrompt, partsOf, readPrompts } from './promptfooPrompt';
import { scorerOf } from './promptfooScorer';
import { TestReader } from './promptfooTests';
import {
  type Fields,
  type PromptfooTest,
  type ReadBeside,
  fieldsOf,
  mostAliases,
  textOf,
} from './promptfooShapes';

/** What came of a configuration: a suite for each of its prompts, and what they do not have of it. */
export interface Imported {
  readonly studies: readonly Study[];
  readonly notes: readonly CarriedNote[];
}

const read = new Set([
  'description',
  'prompts',
  'providers',
  'targets',
  'tests',
  'scenarios',
  'defaultTest',
  'assertionTemplates',
  'tags',
]);

/**
 * Reads a promptfoo configuration, or a table of its tests.
 * @param name of the file, for what has no title
 * @param models ids of models that may be named without a folder
 * @throws {ScopeError} `studyUnreadable` when it is neither
 */
export async function importPromptfoo(
  text: string,
  name: string,
  readBeside: ReadBeside,
  models: readonly string[],
): Promise<Imported> {
  const notes = new Notes();
  const isTable = name.toLowerCase().endsWith('.csv');
  const root = isTable ? {} : rootOf(text);
  Object.keys(root)
    .filter((key) => !read.has(key))
    .forEach((key) => {
      notes.add('key', key);
    });
  const tests = isTable ? testsOfCsv(text) : await new TestReader(root, readBeside, notes).all();
  tests.forEach(({ left }, index) => {
    left.forEach((key) => {
      notes.add('testKey', index + 1, key);
    });
  });
  const prompts = isTable ? [tablePrompt(tests)] : await readPrompts(root, readBeside, notes);
  const title = textOf(root['description']).split('\n')[0] || name.replace(/\.\w+$/, '');
  const { sampling, known } = providersOf(root, models, notes);
  const studies = prompts.flatMap((prompt, index) => {
    const study = studyOf(prompt, tests, index + 1, notes);
    const part = prompts.length > 1 ? `${title} – ${prompt.label || index + 1}` : title;
    return study
      ? [{ ...study, title: part, sampling, models: known.map((id) => ({ id, folder: '' })) }]
      : [];
  });
  return { studies, notes: notes.all };
}

function rootOf(text: string): Fields {
  let root: unknown;
  try {
    root = yamlValue(text, mostAliases);
  } catch (error) {
    throw studyUnreadable(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const fields = fieldsOf(root);
  if (!['prompts', 'tests', 'providers', 'scenarios'].some((key) => key in fields)) {
    throw studyUnreadable('prompts, providers, tests');
  }
  return fields;
}

/** A table alone has no prompt: its columns are what is asked about. */
function tablePrompt(tests: readonly PromptfooTest[]): PromptfooPrompt {
  const names = Object.keys(tests[0]?.vars ?? {});
  const [only] = names;
  const content =
    names.length === 1 ? `{{ ${only ?? ''} }}` : names.map((each) => `${each}: {{ ${each} }}`).join('\n');
  return { label: '', turns: [{ role: 'user', content }] };
}

function studyOf(
  prompt: PromptfooPrompt,
  given: readonly PromptfooTest[],
  number: number,
  notes: Notes,
): Study | null {
  if (given.length === 0) {
    notes.add('noTests');
  }
  const tests = given.length > 0 ? given : [{ vars: {}, assert: [], prefix: '', suffix: '', left: [] }];
  const parts = partsOf(prompt, tests, number, notes);
  if (!parts) {
    return null;
  }
  const { scorer, schema, expected } = scorerOf(tests, notes);
  const language = guessLanguage(parts.instruction + (parts.inputs[0] ?? ''));
  const preset = presetTask('custom', language);
  const items = parts.inputs.map((input, index) => {
    const wanted = expected[index];
    return wanted === undefined ? { input } : { input, expected: wanted };
  });
  const way: Strategy = {
    shots: parts.examples.length,
    reasoning: false,
    role: parts.role !== '',
    format: false,
  };
  return {
    id: '',
    title: '',
    input: items[0]?.input ?? '',
    task: {
      ...preset,
      instruction: parts.instruction,
      role: parts.role,
      format: { ...preset.format, ...(schema ? { schema } : {}) },
      examples: parts.examples,
      items,
      scorer,
    },
    strategies: [way],
    models: [],
    sampling: defaultSampling,
    edited: {},
  };
}

/** The settings of the first provider, and the models that are here too. */
function providersOf(
  root: Fields,
  models: readonly string[],
  notes: Notes,
): { sampling: SamplingChoice; known: string[] } {
  const given = root['providers'] ?? root['targets'] ?? [];
  const providers = (Array.isArray(given) ? (given as unknown[]) : [given]).map((each) => {
    if (typeof each === 'string') {
      return { id: each, config: {} };
    }
    const fields = fieldsOf(each);
    const [only] = Object.keys(fields);
    return 'id' in fields
      ? { id: textOf(fields['id']), config: fieldsOf(fields['config']) }
      : { id: only ?? '', config: fieldsOf(fieldsOf(fields[only ?? ''])['config']) };
  });
  const known: string[] = [];
  for (const { id } of providers) {
    const name = models.find((model) => id === model || id.endsWith(`:${model}`));
    if (name === undefined) {
      notes.add('provider', id);
    } else {
      known.push(name);
    }
  }
  const config = providers[0]?.config ?? {};
  const number = (key: string, least: number, most: number, usual: number): number => {
    const value = config[key];
    return typeof value === 'number' && value >= least && value <= most ? value : usual;
  };
  const stop = Array.isArray(config['stop']) ? config['stop'].map(textOf) : [];
  return {
    known,
    sampling: {
      ...defaultSampling,
      temperature: number('temperature', 0, 5, defaultSampling.temperature),
      topP: number('top_p', 0, 1, defaultSampling.topP),
      maxNewTokens: number(
        'max_new_tokens',
        1,
        4096,
        number('max_tokens', 1, 4096, defaultSampling.maxNewTokens),
      ),
      seed: number('seed', 0, 2 ** 32 - 1, defaultSampling.seed),
      stop,
    },
  };
}
