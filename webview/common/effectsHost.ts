import type { ExampleName } from '../../src/attention/effectExamples';
import type { AttentionView } from '../../src/protocol/attentionPage';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { ExampleScore } from '../../src/protocol/effects';
import type { ErrorData } from '../../src/protocol/errors';
import type { CancellationToken, RequestType } from '../../src/protocol/jsonrpc';

/** What the attention page gives to the script of effects, which is loaded when it is opened. */
export interface EffectsHost {
  readonly strings: AttentionStrings;
  readonly view: AttentionView;
  /** The token that is pinned in the picture. */
  readonly pinned: number | null;
  /** Anything of `protocol/effects`; model and owner are added on the way. */
  ask<P, R>(
    type: RequestType<P, R, ErrorData>,
    params: Omit<P, 'model' | 'owner'>,
    token?: CancellationToken,
  ): Promise<R>;
  scoreExample(example: ExampleName, token?: CancellationToken): Promise<ExampleScore>;
  openExample(example: ExampleName): Promise<void>;
  /** Shows a head of the picture, away from the effects. */
  showHead(layer: number, head: number): void;
}

/** The view of effects, as the page steers it. */
export interface EffectsView {
  /** Something of the host has changed: run, theme or size. */
  update(host: EffectsHost): void;
  /** So much of a long request is done. */
  progress(done: number, total: number): void;
}

/** What the script leaves behind for the page. */
export type MakeEffectsView = (element: HTMLElement) => EffectsView;

declare global {
  interface Window {
    makeEffectsView?: MakeEffectsView;
  }
}
