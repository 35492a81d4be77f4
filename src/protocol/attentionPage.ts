import { NotificationType, RequestType } from './requestType';
import type { AttentionRun, HeadRequest, HeadTable, HeadWeights } from './attention';
import type { LensReading, SamplingOptions, TokenPrediction } from './language';
import type { EffectsOpening } from './effectsPage';
import type { ErrorData } from './errors';
import type { LayerSteps, LayerStepsRequest } from './layerSteps';
import type { CodeStep, ExplainRequest, ExplainedWeight } from './oneNumber';
import type { Positions, PositionsRequest } from './positions';
import type { AttentionStrings } from './attentionStrings';
import type { Phase } from './worker';

/** The wire between the extension host and the attention page. */

/** Where the analysed text comes from, for the header. Lines and columns are one-based. */
export interface TextSource {
  readonly name: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Lines that the kept tokens cover; the same as the whole when nothing was cut. */
  readonly keptEndLine: number;
}

export interface AttentionView extends AttentionRun {
  /** The analysed text, at most as much as the tokens cover; of a pair the first. */
  readonly text: string;
  /** The second text of a pair, or the target that was given. */
  readonly second?: string;
  readonly source: TextSource;
  /** The layer that was asked for, where one was: a head of it is opened. */
  readonly openLayer?: number;
  /** What the page told with {@link LookChanged} when the run was last seen: it is opened so. */
  readonly openLook?: unknown;
  /** What effects are measured on, where the run was made for that: their view is opened. */
  readonly openEffects?: EffectsOpening;
}

/** What a button under a message does. */
export type PageAction = 'retry' | 'openLog' | 'openSample' | 'chooseModel';

export type AttentionState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'busy'; readonly phase: Phase }
  | { readonly kind: 'ready'; readonly view: AttentionView }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly detail?: string;
      readonly action: PageAction;
    };

/** Everything the page needs; sent whole each time, so that a lost message loses nothing. */
export interface AttentionSnapshot {
  /** BCP 47, e.g. `en` or `zh-cn`. */
  readonly locale: string;
  readonly strings: AttentionStrings;
  /** True in an exported file, which has no extension behind it. */
  readonly standalone: boolean;
  readonly state: AttentionState;
  /** Another run beside it, to be compared with; null when nothing is compared. */
  readonly compared: AttentionState | null;
}

/** Another model on the same text or picture, another text or picture (the host asks which) to the same model, or an end to comparing. */
export type Comparison =
  | { readonly with: 'model' }
  | { readonly with: 'picture' }
  | { readonly with: 'text'; readonly text: string; readonly second?: string }
  | { readonly with: 'nothing' };

/** The page is up and wants its first snapshot. */
export const Ready = new RequestType<Record<string, never>, AttentionSnapshot, ErrorData>('ready');
/** One head's weights. */
export const PageHead = new RequestType<HeadRequest, HeadWeights, ErrorData>('head');
/** The file of the picture that a run looked at; `type` is its media type. */
export const PagePicture = new RequestType<
  { readonly runId: number },
  { readonly type: string; readonly bytes: ArrayBuffer },
  ErrorData
>('picture');
/** Analyses a text, or a pair of texts, that was typed into the page. */
export const AnalyseText = new RequestType<
  { readonly text: string; readonly second?: string },
  null,
  ErrorData
>('analyse');
/** Measures every head on random tokens that come twice; takes a forward pass. */
export const PageInduction = new RequestType<{ readonly runId: number }, HeadTable, ErrorData>('induction');
/** What the model expects at a token of the run. */
export const PagePredict = new RequestType<
  { readonly runId: number; readonly position: number; readonly sampling: SamplingOptions },
  TokenPrediction,
  ErrorData
>('predict');
/** What every layer would answer at a token; the page has the tokens. */
export type LayersAtToken = Omit<LensReading, 'tokens'>;
/** The logit lens at a token of the run; needs a graph of its own. */
export const PageLayers = new RequestType<
  { readonly runId: number; readonly position: number },
  LayersAtToken,
  ErrorData
>('layers');
/** How one weight of the run comes about. */
export const PageExplain = new RequestType<ExplainRequest, ExplainedWeight, ErrorData>('explain');
/** What a layer makes of one token of the run, step by step. */
export const PageLayerSteps = new RequestType<LayerStepsRequest, LayerSteps, ErrorData>('layerSteps');
/** How the model knows positions, and what a head attends to without them. */
export const PagePositions = new RequestType<PositionsRequest, Positions, ErrorData>('positions');
/** Opens the function that computes a step. */
export const ShowCode = new RequestType<{ readonly step: CodeStep }, null, ErrorData>('showCode');
/** Puts another run beside the one on show; the host asks which model. */
export const Compare = new RequestType<Comparison, null, ErrorData>('compare');
/** A button was pressed. */
export const Perform = new RequestType<{ readonly action: PageAction }, null, ErrorData>('perform');
/** How a view can be kept. */
export const exportFormats = ['svg', 'png', 'csv', 'json', 'npy', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export interface ExportRequest {
  readonly runId: number;
  readonly format: ExportFormat;
  /** The file, for what the page draws itself; for `html` the page's colours as JSON; else empty. */
  readonly content: ArrayBuffer;
}
/** Asks the page for a file of what it shows; the page answers with {@link Export} as its own menu does. */
export const SaveView = new RequestType<
  { readonly format: ExportFormat },
  { readonly saved: boolean },
  ErrorData
>('saveView');
/** Asks for a place and writes a file. @returns whether it was written. */
export const Export = new RequestType<ExportRequest, { readonly saved: boolean }, ErrorData>('export');
/** Stops the run in progress. */
export const CancelRun = new RequestType<Record<string, never>, null, ErrorData>('cancel');
/** Where the reader is in a run: head, lens, tab, pins. Only the page knows what it means; it is plain JSON. */
export const LookChanged = new NotificationType<{ readonly runId: number; readonly look: unknown }>('look');
/** The page points at a part of the analysed text, in UTF-16 units, or at nothing. */
export const PointAt = new NotificationType<{
  readonly runId: number;
  readonly range: { readonly start: number; readonly end: number } | null;
}>('pointAt');
/** The editor's cursor is at a token of the analysed text, or at none. */
export const CursorAt = new NotificationType<{ readonly runId: number; readonly token: number | null }>(
  'cursorAt',
);
/** The host has something new to show. */
export const SnapshotChanged = new NotificationType<AttentionSnapshot>('snapshot');
