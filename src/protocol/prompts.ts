import { ScopeError } from './errors';
import type { ModelSource } from './model';
import type { GenerationOptions } from './language';

/** The plain data of the prompt workbench: what is asked, in which ways, of which models, and what came of it. */

export const taskKinds = [
  'classify',
  'extract',
  'answer',
  'translate',
  'summarise',
  'rewrite',
  'solve',
  'continue',
  'custom',
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** An answer: a text, or named fields where the task is to extract them. */
export type Answer = string | Readonly<Record<string, string | number>>;

/** A solved input that few-shot prompts show. */
export interface Example {
  readonly input: string;
  readonly output: Answer;
  /** The steps to the output, for chain-of-thought prompts. */
  readonly reasoning?: string;
}

/** An input to be tested; without `expected` only a person can judge the answer. */
export interface Item {
  readonly input: string;
  readonly expected?: Answer;
}

/** The words around inputs and answers. A chat model's turns take the place of the labels. */
export interface Frame {
  readonly inputLabel: string;
  /** Without a space behind it: that belongs to the answer's first token. */
  readonly outputLabel: string;
  /** What stands between the output label and an answer: a space, or nothing in Chinese. */
  readonly gap: string;
  /** How an answer is given; `{answer}` is the answer itself. */
  readonly answerForm: string;
  /** What begins an answer with steps (Kojima et al. 2022), e.g. `Let's think step by step.` */
  readonly reasonCue: string;
  /** Jinja; see `prompts/renderPrompt.ts` for its variables. */
  readonly template: string;
}

export interface FormatSpec {
  readonly instruction: string;
  /** When answers are to be JSON: the field that holds a text answer. Empty: any text, not checked. */
  readonly jsonKey: string;
  /** JSON Schema that an answer must fulfil; none checks only that it is JSON. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

export const scorerKinds = [
  'exact',
  'contains',
  'number',
  'regex',
  'f1',
  'edit',
  'similarity',
  'json',
  'choice',
  'judge',
  'javascript',
  'manual',
] as const;
export type ScorerKind = (typeof scorerKinds)[number];

/** What takes away a label's own likelihood: Zhao et al. 2021 (`contextual`), Holtzman et al. 2021 (`pmi`). */
export type Calibration = 'none' | 'contextual' | 'pmi';

/** A model that judges answers, by how likely it finds yes after its prompt. */
export interface JudgeModel {
  readonly model: AskedModel;
  /** `{input}`, `{expected}` and `{answer}` stand for what is judged. */
  readonly prompt: string;
}

export interface Scorer {
  readonly kind: ScorerKind;
  /** For `regex`. */
  readonly pattern?: string;
  /** For `f1`, `edit`, `similarity` and `judge`: the least score, from 0 to 1, that passes. */
  readonly threshold?: number;
  /** For `choice`. */
  readonly calibration?: Calibration;
  /** For `judge`. */
  readonly judge?: JudgeModel;
  /** For `javascript`: an expression of `input`, `expected`, `answer` and `output`. */
  readonly expression?: string;
  /** Whether an item is right when the commonest of its repeated answers is (Wang et al. 2023). */
  readonly vote?: boolean;
}

export type ExampleChoice = 'first' | 'random' | 'balanced' | 'nearest';

/** What is asked. */
export interface Task {
  readonly kind: TaskKind;
  readonly language: 'en' | 'zh';
  readonly instruction: string;
  readonly role: string;
  readonly format: FormatSpec;
  readonly frame: Frame;
  /** The answers there are, for classification; empty for free answers. */
  readonly labels: readonly string[];
  readonly examples: readonly Example[];
  readonly exampleChoice: ExampleChoice;
  readonly items: readonly Item[];
  readonly scorer: Scorer;
}

/** One way of asking; its parts may be combined freely. */
export interface Strategy {
  /** Examples shown: 0 is zero-shot, 1 one-shot. */
  readonly shots: number;
  readonly reasoning: boolean;
  readonly role: boolean;
  readonly format: boolean;
}

/** A model of this computer: a folder that the inference process loads. */
export interface LocalModel extends ModelSource {
  readonly provider?: 'local';
}

/** A model of a server that speaks OpenAI's protocol. */
export interface ServedModel {
  /** What a person knows it by, e.g. `qwen2.5:0.5b@ollama`; no two models of a study share one. */
  readonly id: string;
  readonly provider: 'server';
  /** By which the settings describe the server; neither address nor key is part of a study. */
  readonly endpoint: string;
  /** As the server names it. */
  readonly model: string;
  /** `completions` continues a text as it stands, which is what a base model takes. */
  readonly api: 'chat' | 'completions';
}

/** A model that the editor offers to extensions (VS Code's Language Model API). */
export interface EditorModel {
  readonly id: string;
  readonly provider: 'editor';
  /** As the editor names it. */
  readonly model: string;
}

/** A model, and who answers for it. */
export type AskedModel = LocalModel | ServedModel | EditorModel;

export function isLocal(model: AskedModel): model is LocalModel {
  return model.provider === undefined || model.provider === 'local';
}

/** For what only the inference process can do, e.g. attention. @throws {ScopeError} `modelElsewhere` */
export function requireLocal(model: AskedModel): LocalModel {
  if (!isLocal(model)) {
    throw new ScopeError('modelElsewhere', model.id);
  }
  return model;
}

/** What a person edits and a file keeps. */
export interface Study {
  readonly id: string;
  readonly title: string;
  /** The text that the study began with. */
  readonly input: string;
  readonly task: Task;
  readonly strategies: readonly Strategy[];
  readonly models: readonly AskedModel[];
  readonly sampling: SamplingChoice;
  /** Prompts that a person wrote over the rendered ones, by {@link promptKey} of the input's cells. */
  readonly edited: Readonly<Record<string, string>>;
  /** How often each prompt is asked, each time with a seed of its own; absent: once. */
  readonly repeats?: number;
}

/** Generation settings of a study; a seed is always stated, so that a run can be repeated. */
export type SamplingChoice = Required<
  Pick<GenerationOptions, 'temperature' | 'topK' | 'topP' | 'minP' | 'repetitionPenalty' | 'maxNewTokens'>
> & {
  readonly seed: number;
  readonly stop: readonly string[];
};

/** Which answer a result belongs to. */
export interface CellAddress {
  /** `strategyId`. */
  readonly strategy: string;
  /** Index of a test item; -1 is the study's own input. */
  readonly item: number;
  readonly model: string;
  /** Which of the repeats, from 0; absent: the first. */
  readonly repeat?: number;
}

export type Part = 'role' | 'instruction' | 'format' | 'examples' | 'input' | 'reasoning' | 'frame';

/** A stretch of a prompt, in UTF-16 units. */
export interface PartRange {
  readonly part: Part;
  readonly start: number;
  readonly end: number;
}

export interface RenderedPrompt {
  /** As the model reads it. */
  readonly text: string;
  readonly parts: readonly PartRange[];
  /**
   * Whose template: the model's own for chat, the study's for a base model; `edited` by a person; `messages`
   * where a provider takes a conversation and writes the text itself, so that `text` only shows the turns.
   */
  readonly template: 'model' | 'study' | 'edited' | 'messages';
}

/** Why an answer does not count; `null` when it does, or when nobody can say. */
export type Failure = 'empty' | 'format' | 'wrong' | 'cut' | 'error';

export interface LabelScore {
  readonly label: string;
  /** Nats per token: the log-likelihood divided by the label's tokens. */
  readonly perToken: number;
  readonly logLikelihood: number;
  /** Share of this label after calibration, where one was asked for; the shares of an answer sum to 1. */
  readonly calibrated?: number;
}

/** What one model answered to one prompt. */
export interface CellResult extends CellAddress {
  /** Tells whether the prompt and the settings are still the same. */
  readonly fingerprint: string;
  /** Tells whether two answers were given to the same rendered prompt. */
  readonly promptHash?: string;
  readonly output: string;
  /** What was read out of the output; null when nothing could be. */
  readonly answer: string | null;
  readonly pass: boolean | null;
  readonly failure: Failure | null;
  /** Whether the format that was asked for was kept; null when none was. */
  readonly formatKept: boolean | null;
  readonly finish: string;
  readonly numPromptTokens: number;
  readonly numNewTokens: number;
  readonly milliseconds: number;
  /** Mean surprisal of the answer's tokens in bits, by the model itself. */
  readonly meanBits: number | null;
  readonly labelScores?: readonly LabelScore[];
  /** What the provider takes for it by the settings' price table, in the server's currency. */
  readonly price?: number;
  readonly error?: string;
  /** Set when a person has judged the answer. */
  readonly judged?: boolean;
  /** What the scorer itself had said, of an answer that a person has judged. */
  readonly scored?: { readonly pass: boolean | null; readonly failure: Failure | null };
  /** From 0 to 1 (cosines may be negative), of a scorer that gives more than right or wrong. */
  readonly score?: number;
  /** What two answers that have nothing to do with each other get from the same scorer. */
  readonly baseline?: number;
}

/** A prompt is asked at most so often. */
export const mostRepeats = 20;

/** Names a prompt: a cell without its repeat. */
export function promptKey({ strategy, item, model }: CellAddress): string {
  return `${strategy}|${item}|${model}`;
}

/** Names a cell. */
export function cellKey(cell: CellAddress): string {
  return cell.repeat ? `${promptKey(cell)}|${cell.repeat}` : promptKey(cell);
}

/** Under which an answer is kept: what was asked, wherever in the study it stands. */
export function answerKey({
  strategy,
  model,
  fingerprint,
}: Pick<CellResult, 'strategy' | 'model' | 'fingerprint'>): string {
  return `${strategy}|${model}|${fingerprint}`;
}
