import { NotificationType, RequestType } from './requestType';
import type {
  AttentionRun,
  CombinedRequest,
  HeadRequest,
  HeadTable,
  HeadWeights,
  Shares,
  SharesRequest,
  Thumbnails,
  ThumbnailsRequest,
} from './attention';
import type { ErrorData } from './errors';
import type { SamplingOptions, TokenPrediction } from './language';
import type { LayerSteps, LayerStepsRequest } from './layerSteps';
import type { ToModel } from './modelRequest';
import type { ExplainRequest, ExplainedWeight } from './oneNumber';
import type { Picture } from './picture';
import type { Positions, PositionsRequest } from './positions';

/** The wire between the extension host and the inference process. */

/** Two texts in one string: `[0, firstEnd)` and `[secondStart, …)`, a line break between them. */
export interface TextPair {
  readonly firstEnd: number;
  readonly secondStart: number;
}

/** A new run of the same owner frees the tensors of the one before. */
export interface AttendParams extends ToModel {
  readonly text: string;
  /** Where `text` is two texts: the end of the first and the start of the second, in UTF-16 units. */
  readonly pair?: TextPair;
  /** True when `text` is only the beginning of what the person selected. */
  readonly textWasCut: boolean;
}

export const Attend = new RequestType<AttendParams, AttentionRun, ErrorData>('attention/run');
/** The same of a picture, by a vision transformer or CLIP's picture tower. */
export interface AttendPictureParams extends ToModel {
  readonly picture: Picture;
}
export const AttendPicture = new RequestType<AttendPictureParams, AttentionRun, ErrorData>(
  'attention/picture',
);
export const Head = new RequestType<HeadRequest, HeadWeights, ErrorData>('attention/head');
export const Combine = new RequestType<CombinedRequest, HeadWeights, ErrorData>('attention/combine');
export const Patterns = new RequestType<{ readonly runId: number }, HeadTable, ErrorData>(
  'attention/patterns',
);
export const SomeThumbnails = new RequestType<ThumbnailsRequest, Thumbnails, ErrorData>(
  'attention/thumbnails',
);

export const PartSharesOf = new RequestType<SharesRequest, Shares, ErrorData>('attention/shares');

/** Every weight of a run: a NumPy file of float32 `[layers, heads, n, n]`, or packed to bytes for a page. */
export const AllWeights = new RequestType<
  { readonly runId: number; readonly as: 'npy' | 'packed' },
  { readonly data: ArrayBuffer },
  ErrorData
>('attention/all');

/** What the model expects at one token of a run; the run must be of this model. */
export interface PredictParams extends ToModel {
  readonly runId: number;
  readonly position: number;
  readonly sampling: SamplingOptions;
}
export const PredictAtToken = new RequestType<PredictParams, TokenPrediction, ErrorData>('attention/predict');

/** How one weight of a run comes about; the run must be of this model. Takes a forward pass for the first of a layer. */
export const Explain = new RequestType<ExplainRequest & ToModel, ExplainedWeight, ErrorData>(
  'attention/explain',
);

/** What a layer makes of one token, step by step. Takes a forward pass and a look into the file for each layer. */
export const ExplainLayer = new RequestType<LayerStepsRequest & ToModel, LayerSteps, ErrorData>(
  'attention/layerSteps',
);

/** How the model knows positions, and what a head attends to without them. Opens the graph once more, changed. */
export const ExplainPositions = new RequestType<PositionsRequest & ToModel, Positions, ErrorData>(
  'attention/positions',
);

/** Runs random tokens twice in a row: what a head does there cannot come from meaning (Olsson et al. 2022). */
export interface InductionParams extends ToModel {
  /** Length of one copy, in tokens; less where the model reads no more. */
  readonly copyLength: number;
  /** 32 bits. */
  readonly seed: number;
}
export const TestInduction = new RequestType<InductionParams, HeadTable, ErrorData>('attention/induction');

/** What the process is busy with, for the panel's progress line. */
export type Phase = 'starting' | 'loading' | 'running';
export const PhaseChanged = new NotificationType<{ readonly owner: string; readonly phase: Phase }>('phase');

/** Frees the tensors of an owner's last run. */
export const Release = new NotificationType<{ readonly owner: string }>('attention/release');
