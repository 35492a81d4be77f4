import type { ErrorData } from './errors';
import { RequestType } from './requestType';
import type { Generation, GenerationOptions } from './language';
import type { Token } from './model';
import type { ToModel } from './modelRequest';
import type { StackName, StackShape } from './seq2seq';

/** Speech models (Whisper): text from a sound, and the attention of their three stacks. */

export interface Sound {
  /** One channel, −1 … 1. */
  readonly samples: Float32Array;
  /** Samples per second; the model's own (16,000). */
  readonly sampleRate: number;
}

export type SpeechTask = 'transcribe' | 'translate';

export interface SpeechOptions {
  /** As the model names it, e.g. `en`; it guesses where none is given. */
  readonly language?: string;
  /** Into English, with `translate`. */
  readonly task?: SpeechTask;
}

export interface Transcript extends Generation {
  /** Given or guessed; absent in a model of one language. */
  readonly language?: string;
  /** How much of the sound the model read. */
  readonly heardSeconds: number;
}

/** What one run found; the weights stay with the inference process under `runId`. */
export interface SpeechRun {
  readonly runId: number;
  /** Positions of the encoder, `secondsPerFrame` each, silence behind the sound included. */
  readonly numFrames: number;
  readonly secondsPerFrame: number;
  readonly heardSeconds: number;
  /** What the decoder read, its prompt (start, language, task) first. */
  readonly target: readonly Token[];
  readonly targetText: string;
  /** True when the model wrote the text itself. */
  readonly generated: boolean;
  readonly language?: string;
  /** The encoder has 0 layers where its weights would not fit into memory. */
  readonly stacks: Readonly<Record<StackName, StackShape>>;
}

interface OfSound extends ToModel {
  readonly sound: Sound;
}

/** The text of a sound; tokens are told as `TokenGenerated` tells them. */
export const Transcribe = new RequestType<
  OfSound & { readonly options: SpeechOptions & GenerationOptions },
  Transcript,
  ErrorData
>('speech/transcribe');

/** Attention for a sound and its text; without a text the model writes one. */
export const AttendSpeech = new RequestType<
  OfSound & { readonly text?: string; readonly options?: SpeechOptions },
  SpeechRun,
  ErrorData
>('speech/attend');

/** One head: float32 `[numQueries, numKeys]`. */
export const SpeechHead = new RequestType<
  { readonly runId: number; readonly stack: StackName; readonly layer: number; readonly head: number },
  { readonly weights: ArrayBuffer },
  ErrorData
>('speech/head');
