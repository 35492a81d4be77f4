import type { Thumbnails } from './attention';
import type { ErrorData } from './errors';
import type { InspectStrings } from './inspectStrings';
import { NotificationType, RequestType } from './requestType';
import type { Candidate, LabelProbability } from './language';
import type { Token } from './model';

/** The wire between the extension host and the small live view of the selection. */

/** What is measured, in this order. */
export const inspectParts = ['tokens', 'attention', 'next', 'sentiment'] as const;
export type InspectPart = (typeof inspectParts)[number];

export interface InspectValues {
  /** The first of them; `total` counts those of the whole selection. */
  readonly tokens: { readonly model: string; readonly tokens: readonly Token[]; readonly total: number };
  readonly attention: {
    readonly model: string;
    readonly numLayers: number;
    readonly numHeads: number;
    readonly numTokens: number;
    readonly thumbnails: Thumbnails;
  };
  /** What a decoder would write behind the selection. */
  readonly next: { readonly model: string; readonly candidates: readonly Candidate[] };
  readonly sentiment: { readonly model: string; readonly labels: readonly LabelProbability[] };
}

export type InspectState<T> =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'done'; readonly value: T }
  /** In the reader's language. */
  | { readonly state: 'failed'; readonly message: string };
export type InspectStates = { readonly [P in InspectPart]: InspectState<InspectValues[P]> };

export interface InspectSnapshot {
  readonly locale: string;
  readonly strings: InspectStrings;
  /** Null where nothing is selected that could be looked at. */
  readonly source: {
    readonly name: string;
    readonly startLine: number;
    readonly endLine: number;
    /** Only the beginning is looked at. */
    readonly wasCut: boolean;
  } | null;
  readonly paused: boolean;
  readonly parts: InspectStates;
}

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`inspect/${method}`);

export const InspectReady = request<Record<string, never>, InspectSnapshot>('ready');
export const PauseInspect = request<{ readonly paused: boolean }, null>('pause');
/** Opens the attention visualizer on what is inspected, at a layer. */
export const InspectAttention = request<{ readonly layer: number }, null>('attention');
/** What else can be done with the selection; the names are those of commands in the code. */
export const inspectActions = ['predictMasks', 'continueText', 'showSurprisal', 'compareModels'] as const;
export const InspectAct = request<{ readonly action: (typeof inspectActions)[number] }, null>('act');
export const InspectChanged = new NotificationType<InspectSnapshot>('inspect/changed');
