import type { CombinedRequest, HeadRequest, HeadWeights, Thumbnails, ThumbnailsRequest } from './attention';
import type { ErrorData } from './errors';
import { RequestType } from './requestType';
import type { LabelProbability } from './language';
import type { Token } from './model';
import { modelRequests } from './modelRequest';
import type { PatchGrid, Picture } from './picture';

/** What the inference process does with pictures, and what each task answers. */

/** One forward pass of a tower; its weights stay with the inference process under `runId`. */
export interface VisionRun {
  readonly runId: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Patches have the piece `r2c5`; of a text its own tokens. */
  readonly tokens: readonly Token[];
  /** Absent for a text. */
  readonly grid?: PatchGrid;
  readonly causal: boolean;
  readonly thumbnails: Thumbnails;
  /** Decoding and preparing the picture or tokenising, then the pass. */
  readonly milliseconds: { readonly prepare: number; readonly forward: number };
}

/**
 * What CLIP's cosines are multiplied with before the softmax. `graph`: the trained value.
 * `config`: `logit_scale_init_value`, where training only began; probabilities are then too even, but
 * their order is right. `stated`: given with the request.
 */
export interface LogitScale {
  readonly value: number;
  readonly source: 'graph' | 'config' | 'stated';
}

/** Every array is `[image][text]`. */
export interface ImageTextMatch {
  readonly cosines: readonly (readonly number[])[];
  /** `logits_per_image`; transposed they are `logits_per_text`. */
  readonly logits: readonly (readonly number[])[];
  /** Softmax over the texts. */
  readonly probabilities: readonly (readonly number[])[];
  readonly scale: LogitScale;
}

/** Labels of a picture, likeliest first, by a model that was not trained on them. */
export interface ZeroShot {
  readonly labels: readonly LabelProbability[];
  readonly scale: LogitScale;
}

/** One found item, best first. */
export interface Retrieved {
  /** Into the list that was searched. */
  readonly index: number;
  readonly cosine: number;
}

/** What is lost of a text on its way into a model. */
export interface TextReading {
  /** Parts that the vocabulary has nothing for; the model cannot tell them apart. */
  readonly unknown: readonly string[];
  /** Whether its end is beyond what the model takes. */
  readonly isCut: boolean;
}

/** Facts about a loaded CLIP model. */
export interface ClipDescription {
  /** Of the folder's graphs the one in use, or the two: of pictures, of texts. */
  readonly graphFiles: readonly string[];
  readonly bytes: number;
  /** Longest text in tokens, special tokens included. */
  readonly maxTokens: number;
  readonly scale: LogitScale;
}

const request = modelRequests('vision');
const view = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`vision/${method}`);

/** By an image classifier (ViT and its like). */
export const ClassifyImage = request<{ image: Picture }, readonly LabelProbability[]>('classify');
export const AttendImage = request<{ image: Picture }, VisionRun>('attend');

/** The rest takes a CLIP model. Vectors are float32 of length 1. */
export const EmbedImage = request<{ image: Picture }, { vector: ArrayBuffer }>('embedImage');
export const EmbedText = request<{ text: string }, { vector: ArrayBuffer }>('embedText');
/** Several texts at once, one vector after the other. */
export const EmbedTexts = request<
  { texts: readonly string[] },
  { vectors: ArrayBuffer; readings: readonly TextReading[] }
>('embedTexts');
/** `texts` are what the scale is measured with; at least one. */
export const DescribeClip = request<{ texts: readonly string[] }, ClipDescription>('describeClip');
export const MatchImageText = request<
  { images: readonly Picture[]; texts: readonly string[]; logitScale?: number },
  ImageTextMatch
>('match');
/** `template` has `{}` where the label goes; absent, it is transformers' “This is a photo of {}.”. */
export const ClassifyZeroShot = request<
  { image: Picture; labels: readonly string[]; template?: string; logitScale?: number },
  ZeroShot
>('zeroShot');
export const RetrieveImages = request<
  { query: string; images: readonly Picture[]; topK: number },
  readonly Retrieved[]
>('retrieveImages');
export const RetrieveTexts = request<
  { query: Picture; texts: readonly string[]; topK: number },
  readonly Retrieved[]
>('retrieveTexts');
/** Attention of one of CLIP's towers. */
export const AttendTower = request<{ image: Picture } | { text: string }, VisionRun>('attendTower');

/** Views of a run that is in memory; they answer `runExpired` for any but the owner's last run. */
export const VisionHead = view<HeadRequest, HeadWeights>('head');
export const VisionCombined = view<CombinedRequest, HeadWeights>('combined');
export const VisionThumbnails = view<ThumbnailsRequest, Thumbnails>('thumbnails');
export const ReleaseVision = view<{ owner: string }, null>('release');
