import type { ModelPlace } from './abilities';
import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';
import type { GeneratedToken } from './language';
import type { StudySummary } from './promptSummary';
import type { PromptStrings } from './promptStrings';
import type { CellAddress, CellResult, Part, RenderedPrompt, Study, TaskKind } from './prompts';

/** The wire between the extension host and the page of the prompt workbench. */

/** One way of asking about the study's own input. */
export interface InputCell extends CellAddress {
  readonly prompt: RenderedPrompt | null;
  readonly numTokens: number | null;
  /** Fewer examples than the strategy asks for are there. */
  readonly shownExamples: number;
  /** Why there is no prompt, in the reader's language. */
  readonly problem?: string;
}

export interface RunProgress {
  readonly state: 'idle' | 'running' | 'paused';
  readonly done: number;
  readonly total: number;
  /** Null until a few answers tell how long one takes. */
  readonly secondsLeft: number | null;
  /** The first of the cells that are being answered. */
  readonly cell: CellAddress | null;
  /** All of them: a server answers many at once. */
  readonly running: readonly CellAddress[];
}

/** A task that comes with the extension. */
export interface BundledTask {
  readonly id: string;
  readonly title: string;
  readonly kind: TaskKind;
  readonly language: 'en' | 'zh';
  readonly numItems: number;
}

export interface PromptSnapshot {
  readonly locale: string;
  readonly strings: PromptStrings;
  /** Null until there is something to ask about. */
  readonly study: Study | null;
  readonly inputCells: readonly InputCell[];
  /** Results that belong to the study as it is now. */
  readonly results: readonly CellResult[];
  /** How many results belong to an older prompt, example, setting or item, and no longer count. */
  readonly numOutdated: number;
  readonly summary: StudySummary | null;
  /** What the results say, in the reader's language. */
  readonly findings: readonly string[];
  /** What to do for the best answers, a sentence or two per model, in the reader's language. */
  readonly advice?: readonly string[];
  /** Whether JavaScript scorers may run: only in a trusted workspace. */
  readonly isTrusted?: boolean;
  readonly progress: RunProgress;
  /** Who answers for each of the study's models, and what of the study's wishes is ignored there. */
  readonly places: readonly ModelPlace[];
  readonly tasks: readonly BundledTask[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The file that the page edits; null for a study that is in no file. */
  readonly suite: SuiteOnPage | null;
}

/** A suite's file. Its undo and its saving are the editor's. */
export interface SuiteOnPage {
  readonly name: string;
  /** Nothing is written in it yet. */
  readonly isEmpty: boolean;
  /** What keeps the file from being read, in the reader's language; lines are counted from 1. */
  readonly problems: readonly { readonly message: string; readonly line: number }[];
}

/** What changed while answers come in. */
export interface CellsUpdate {
  readonly results: readonly CellResult[];
  readonly summary: StudySummary | null;
  readonly findings: readonly string[];
  readonly advice?: readonly string[];
  readonly progress: RunProgress;
}

export type CopyFormat = 'text' | 'messages' | 'transformersjs' | 'openai' | 'promptfoo';
export const copyFormats: readonly CopyFormat[] = [
  'text',
  'messages',
  'transformersjs',
  'openai',
  'promptfoo',
];

/** How far the answer's tokens look at each part of the prompt. */
export interface PartShares {
  readonly numLayers: number;
  readonly numHeads: number;
  /** `first`: the text's first token, where much attention rests; `answer`: the answer's own tokens. */
  readonly parts: readonly (Part | 'first' | 'answer')[];
  /** Float32 `[layers, heads, parts]`; the parts of a head sum to 1. */
  readonly shares: ArrayBuffer;
}

export interface CellInspection {
  readonly prompt: RenderedPrompt;
  readonly tokens: readonly GeneratedToken[];
  /** Entropy of the model's distribution at each token, in bits; a lower bound where the vocabulary is cut. */
  readonly shares: PartShares | null;
  /** Why there are no shares, in the reader's language. */
  readonly problem?: string;
}

export type PromptAction =
  | 'openLog'
  | 'openSample'
  | 'addModel'
  | 'chooseJudge'
  | 'openStudy'
  | 'saveStudy'
  | 'newStudy'
  | 'openAsText'
  | 'beginSuite'
  | 'exportPromptfoo';

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`prompts/${method}`);

export const PromptReady = request<Record<string, never>, PromptSnapshot>('ready');
/** Replaces the study's definition; results that still fit stay. */
export const EditStudy = request<{ readonly study: Study }, null>('edit');
/** Gives the task another kind's wording; examples, items and what was asked stay. */
export const SetTaskKind = request<{ readonly kind: TaskKind; readonly language: 'en' | 'zh' }, null>('kind');
export const UndoEdit = request<{ readonly redo: boolean }, null>('undo');
/** `input`: every way of asking about the input; `items`: what is missing of the test; or the cells named. */
export const RunCells = request<{ readonly what: 'input' | 'items' | readonly CellAddress[] }, null>('run');
export const PauseRun = request<{ readonly pause: boolean }, null>('pause');
export const StopRun = request<Record<string, never>, null>('stop');
/** A person's thumb; null takes it back. */
export const JudgeCell = request<{ readonly cell: CellAddress; readonly pass: boolean | null }, null>(
  'judge',
);
export const RenderCell = request<{ readonly cell: CellAddress }, RenderedPrompt>('render');
export const InspectCell = request<{ readonly cell: CellAddress }, CellInspection>('inspect');
/** Opens prompt and answer in the attention visualizer. */
export const ShowCellAttention = request<{ readonly cell: CellAddress }, null>('attention');
export const UseCell = request<
  {
    readonly cell: CellAddress;
    readonly what: 'prompt' | 'answer';
    readonly how: 'insert' | 'copy';
    readonly format: CopyFormat;
  },
  null
>('use');
export const PasteRows = request<
  { readonly to: 'examples' | 'items'; readonly text: string },
  { readonly added: number; readonly skipped: number }
>('paste');
export const OpenBundledTask = request<{ readonly id: string }, null>('openTask');
export const ExportStudy = request<
  { readonly format: 'md' | 'html'; readonly language: 'en' | 'zh' },
  { readonly saved: boolean }
>('export');
/** Opens a suite's text at a line, counted from 1. */
export const OpenSuiteLine = request<{ readonly line: number }, null>('openLine');
export const PerformPrompt = request<{ readonly action: PromptAction }, null>('perform');

export const PromptSnapshotChanged = new NotificationType<PromptSnapshot>('prompts/snapshot');
export const CellsChanged = new NotificationType<CellsUpdate>('prompts/cells');
/** What a running cell has written so far. */
export const CellStreamed = new NotificationType<{ readonly cell: CellAddress; readonly text: string }>(
  'prompts/stream',
);
