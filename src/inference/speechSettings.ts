import { ScopeError } from '../protocol/errors';
import type { SpeechTask } from '../protocol/speech';
import type { JsonObject } from './modelFolder';
import { decoderSettings } from './seq2seqFiles';

/** How Whisper is told what to do: by the tokens that its decoder begins with (Radford et al. 2022, figure 1). */
export interface SpeechSettings {
  readonly start: number;
  /** Token ids by language, e.g. `en`; none in a model of English only. */
  readonly languages: ReadonlyMap<string, number>;
  readonly tasks: ReadonlyMap<string, number>;
  readonly noTimestamps: number | undefined;
  /** Tokens that are never written, and those that do not come first. */
  readonly suppressed: readonly number[];
  readonly suppressedFirst: readonly number[];
}

/**
 * @param config `config.json` and, over it, `generation_config.json`
 * @param idOf a piece's id; older files name languages and tasks nowhere but in the vocabulary
 */
export function speechSettings(
  config: JsonObject,
  idOf: (piece: string) => number | undefined,
): SpeechSettings {
  const { start } = decoderSettings(config);
  const languages = new Map(
    Object.entries(idsOf(config['lang_to_id'])).map(([piece, id]) => [piece.replace(/^<\||\|>$/g, ''), id]),
  );
  const isMultilingual = config['is_multilingual'] ?? idOf('<|zh|>') !== undefined;
  const tasks = Object.entries(idsOf(config['task_to_id']));
  const known =
    tasks.length > 0
      ? tasks
      : ['transcribe', 'translate'].map((task) => [task, idOf(`<|${task}|>`)] as const);
  const stated = config['no_timestamps_token_id'];
  return {
    start,
    languages: isMultilingual === false ? new Map() : languages,
    tasks: new Map(
      isMultilingual === false ? [] : known.filter((each): each is [string, number] => each[1] !== undefined),
    ),
    noTimestamps: typeof stated === 'number' ? stated : idOf('<|notimestamps|>'),
    suppressed: numbersOf(config['suppress_tokens']),
    suppressedFirst: numbersOf(config['begin_suppress_tokens']),
  };
}

/**
 * The tokens before the first word.
 * @throws {ScopeError} `badRequest` for a language or task that the model does not have
 */
export function speechPrompt(
  { start, languages, tasks, noTimestamps }: SpeechSettings,
  language: string | undefined,
  task: SpeechTask,
): number[] {
  const languageId = language === undefined ? undefined : languages.get(language);
  if (language !== undefined && languageId === undefined) {
    throw new ScopeError('badRequest', `the model has no language “${language}”`);
  }
  const taskId = tasks.get(task);
  if (taskId === undefined && task !== 'transcribe') {
    throw new ScopeError('badRequest', `the model cannot ${task}`);
  }
  return [start, languageId, taskId, noTimestamps].filter((id): id is number => id !== undefined);
}

function idsOf(value: unknown): Record<string, number> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value)
    ? value.filter((each): each is number => typeof each === 'number' && each >= 0)
    : [];
}
