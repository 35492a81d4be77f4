import { parseArgs } from 'node:util';
import type { Part } from '../suites/selectPart';

const reporterNames = ['junit', 'json', 'md', 'html'] as const;
export type ReporterName = (typeof reporterNames)[number];
const runtimes = ['auto', 'native', 'wasm'] as const;
const precisions = ['int8', 'fp32'] as const;

export interface RunOptions {
  readonly reporters: readonly ReporterName[];
  /** Folder of the reports. */
  readonly out: string;
  readonly part: Part;
  /** In place of the suites' own. */
  readonly threshold: number | undefined;
  readonly language: 'en' | 'zh' | undefined;
  readonly threads: number;
  readonly runtime: (typeof runtimes)[number];
  readonly precision: (typeof precisions)[number];
  /** An earlier JSON report whose answers are taken where they fit. */
  readonly resume: string | undefined;
  readonly isQuiet: boolean;
}

export type Command =
  | { readonly verb: 'help' }
  | { readonly verb: 'version' }
  | { readonly verb: 'check'; readonly paths: readonly string[]; readonly options: RunOptions }
  | { readonly verb: 'run'; readonly paths: readonly string[]; readonly options: RunOptions };

/** What was typed makes no sense; its message says what does, in English terms of the command line. */
export class UsageError extends Error {}

/** @throws {UsageError} */
export function readArguments(given: readonly string[]): Command {
  const parsed = parse(given);
  const { values, positionals } = parsed;
  if (values.version === true) {
    return { verb: 'version' };
  }
  const [verb, ...paths] = positionals;
  if (values.help === true || verb === undefined || verb === 'help') {
    return { verb: 'help' };
  }
  if (verb !== 'run' && verb !== 'check') {
    throw new UsageError(verb);
  }
  return {
    verb,
    // Without any, the suites of the folder in which it runs.
    paths: paths.length > 0 ? paths : ['.'],
    options: {
      reporters: (list(values.reporter) ?? []).map((name) => oneOf('--reporter', name, reporterNames)),
      out: values.out ?? '.',
      part: {
        ...(values.filter === undefined ? {} : { filter: values.filter }),
        ...optional('strategies', list(values.strategy)),
        ...optional('models', list(values.model)),
        ...optional('limit', number('--limit', values.limit, 1, Number.MAX_SAFE_INTEGER)),
      },
      threshold: number('--threshold', values.threshold, 0, 1),
      language:
        values.language === undefined
          ? undefined
          : oneOf('--language', values.language, ['en', 'zh'] as const),
      threads: number('--threads', values.threads, 0, 256) ?? 0,
      runtime: oneOf('--runtime', values.runtime ?? 'auto', runtimes),
      precision: oneOf('--precision', values.precision ?? 'int8', precisions),
      resume: values.resume,
      isQuiet: values.quiet === true,
    },
  };
}

function parse(given: readonly string[]): ReturnType<typeof parseOptions> {
  try {
    return parseOptions(given);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const parseOptions = (given: readonly string[]) =>
  parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      reporter: { type: 'string', multiple: true },
      out: { type: 'string' },
      filter: { type: 'string' },
      strategy: { type: 'string', multiple: true },
      model: { type: 'string', multiple: true },
      limit: { type: 'string' },
      threshold: { type: 'string' },
      language: { type: 'string' },
      threads: { type: 'string' },
      runtime: { type: 'string' },
      precision: { type: 'string' },
      resume: { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });

function list(values: readonly string[] | undefined): string[] | undefined {
  return values
    ?.flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function optional<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}

function number(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new UsageError(`${name} ${text}`);
  }
  return value;
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found === undefined) {
    throw new UsageError(`${name} ${value} (${known.join(', ')})`);
  }
  return found;
}
