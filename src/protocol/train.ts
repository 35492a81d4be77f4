import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';

/** The wire between the extension host and the process that trains a tiny transformer. */

export const trainTasks = ['copy', 'reverse', 'sort', 'pick'] as const;
export type TrainTask = (typeof trainTasks)[number];

export const trainPositions = ['none', 'sinusoidal', 'learned'] as const;
export type TrainPositions = (typeof trainPositions)[number];

/** What can be chosen; the numbers that make sense for a model that learns within seconds. */
export const trainChoices = {
  numHeads: [1, 2, 4],
  modelWidth: [16, 32, 64],
  numLayers: [1, 2],
  batchSize: [8, 16, 32, 64],
} as const;

export const learningRateLimits = { least: 1e-5, most: 10 } as const;
export const largestSeed = 2 ** 31 - 1;

/** Everything that a run depends on: the same settings give the same numbers. */
export interface TrainSettings {
  readonly task: TrainTask;
  readonly numHeads: number;
  readonly modelWidth: number;
  readonly numLayers: number;
  readonly positions: TrainPositions;
  /** Whether a token sees only what stands before it. */
  readonly causal: boolean;
  readonly learningRate: number;
  /** Sequences per step. */
  readonly batchSize: number;
  readonly seed: number;
}

/** What is known of a run before its first step. */
export interface TrainFacts {
  readonly numParameters: number;
  /** Letters of a question. */
  readonly length: number;
  /** Cross-entropy in nats of the best guess that does not look at the question. */
  readonly chanceLoss: number;
  /** How often such a guess is right. */
  readonly chanceAccuracy: number;
  /** Questions that training never sees. */
  readonly numHeldOut: number;
}

export type TrainState = 'paused' | 'running' | 'diverged';

/** How much of the held-out questions was right after so many steps. */
export interface HeldOut {
  readonly step: number;
  /** Of the letters of the answers, 0 to 1. */
  readonly accuracy: number;
}

/** The model at work on one question. */
export interface TrainLook {
  readonly step: number;
  /** Every token that it reads: letters, the arrow, blanks. */
  readonly tokens: readonly string[];
  /** Where the blanks begin. */
  readonly firstBlank: number;
  /** What belongs into each blank. */
  readonly targets: readonly string[];
  /** What it writes into each, the likeliest letter. */
  readonly answers: readonly string[];
  /** The probability of that letter, and of the one that belongs there. */
  readonly answerProbabilities: readonly number[];
  readonly targetProbabilities: readonly number[];
  /** Row-major float32 `[numLayers, numHeads, positions, positions]`. */
  readonly attention: ArrayBuffer;
}

/** What has happened since the last report. */
export interface TrainProgress {
  /** Of which run, since what an older one still has to say is not wanted. */
  readonly run: number;
  readonly state: TrainState;
  /** Steps done. */
  readonly step: number;
  /** Float32: the loss of each step up to `step`. */
  readonly losses: ArrayBuffer;
  readonly heldOut: readonly HeldOut[];
  /** Steps whose weights are kept, to be looked at again. */
  readonly snapshots: readonly number[];
  readonly stepsPerSecond: number;
  /** The question on show, and the model at work on it after the last step. */
  readonly question: string;
  readonly look: TrainLook;
}

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`train/${method}`);

/** Begins a run at step 0; the one before ends. */
export const BeginTraining = request<
  { readonly run: number; readonly settings: TrainSettings; readonly question: string | null },
  { readonly facts: TrainFacts; readonly progress: TrainProgress }
>('begin');
/** Goes on for so many steps, unless it is paused or begun anew before. Answered at once. */
export const GoOn = request<
  {
    readonly numSteps: number;
    /** How many of them in a second; null: as many as the machine does. */
    readonly stepsPerSecond: number | null;
  },
  null
>('goOn');
export const Pause = request<Record<string, never>, null>('pause');
/** The whole run so far, in one piece. */
export const TrainingSoFar = request<Record<string, never>, TrainProgress>('soFar');
/** Another question is on show, typed or (null) drawn. Answers null where it is no question of this task. */
export const AskModel = request<
  { readonly question: string | null },
  { readonly question: string; readonly look: TrainLook } | null
>('ask');
/** The question on show as the model answered it after an earlier step, one of `snapshots`. */
export const LookBack = request<{ readonly step: number }, TrainLook>('lookBack');
/** About every 100 ms while it trains, and when that ends. */
export const TrainingProgressed = new NotificationType<TrainProgress>('train/progressed');
