import type { Precision, RuntimeChoice } from '../protocol/model';

/** What each setting of the manifest may be, by its name behind `transformerScope.`. */
export interface Settings {
  /** The id of a bundled model, or a folder. */
  readonly model: string;
  readonly imageModel: string;
  /** By task, as {@link model}. */
  readonly taskModels: Readonly<Record<string, string>>;
  /** 0 = as many as make sense. */
  readonly threads: number;
  readonly runtime: RuntimeChoice;
  readonly precision: Precision;
  /** Megabytes (1e6 bytes) of the graphs that stay loaded. */
  readonly modelMemory: number;
  /** 0 = the inference process never ends by itself. */
  readonly idleMinutes: number;
  readonly 'generation.temperature': number;
  readonly 'generation.topP': number;
  readonly 'generation.maxTokens': number;
  readonly hubEndpoint: string;
  /** Empty = in the extension's own storage. */
  readonly downloadFolder: string;
  /** As a person wrote it: who reads it checks it. */
  readonly endpoints: unknown;
  readonly history: boolean;
  readonly tokenCount: 'loaded' | 'selection' | 'off';
}

/** What holds where nothing is set. The manifest says the same, and a test holds the two together. */
export const settingDefaults: Settings = {
  model: 'scope-bert',
  imageModel: 'scope-clip',
  taskModels: {},
  threads: 0,
  runtime: 'auto',
  precision: 'int8',
  modelMemory: 1000,
  idleMinutes: 10,
  'generation.temperature': 0.7,
  'generation.topP': 0.95,
  'generation.maxTokens': 40,
  hubEndpoint: 'https://huggingface.co',
  downloadFolder: '',
  endpoints: [],
  history: true,
  tokenCount: 'loaded',
};
