import type { ErrorData } from './errors';
import { RequestType } from './requestType';
import type { Generation, GenerationOptions } from './language';
import type { Token } from './model';
import type { ToModel } from './modelRequest';

/** Encoder-decoder models: translation, and attention of their three stacks. */

/** The stacks of an encoder-decoder (Vaswani et al. 2017). */
export const stackNames = ['encoder', 'decoder', 'cross'] as const;
export type StackName = (typeof stackNames)[number];

/** One stack of a run: `[numLayers, numHeads, numQueries, numKeys]`. */
export interface StackShape {
  readonly numLayers: number;
  readonly numHeads: number;
  /** Target tokens; in the encoder source tokens. */
  readonly numQueries: number;
  /** Source tokens; in the decoder target tokens. */
  readonly numKeys: number;
}

/** What one run found; the weights stay with the inference process under `runId`. */
export interface Seq2SeqRun {
  readonly runId: number;
  readonly source: readonly Token[];
  /** What the decoder read, its start token first. Row i of `decoder` and `cross` is where token i stands. */
  readonly target: readonly Token[];
  readonly targetText: string;
  /** True when the model wrote the target itself. */
  readonly generated: boolean;
  readonly stacks: Readonly<Record<StackName, StackShape>>;
}

/** A text as the model renders it (translation, summary …); tokens are told as `TokenGenerated` tells them. */
export const Translate = new RequestType<
  ToModel & { readonly text: string; readonly options: GenerationOptions },
  Generation,
  ErrorData
>('seq2seq/translate');

/** Attention for a source and a target; without a target the model writes one. */
export const AttendSeq2Seq = new RequestType<
  ToModel & { readonly source: string; readonly target?: string },
  Seq2SeqRun,
  ErrorData
>('seq2seq/attend');

/** One head: float32 `[numQueries, numKeys]`. */
export const Seq2SeqHead = new RequestType<
  { readonly runId: number; readonly stack: StackName; readonly layer: number; readonly head: number },
  { readonly weights: ArrayBuffer },
  ErrorData
>('seq2seq/head');
