import type { PageAction } from './attentionPage';
import type { ErrorData } from './errors';
import type { ImageStrings } from './imageStrings';
import { NotificationType, RequestType } from './requestType';
import type { LogitScale } from './vision';

/** The wire between the extension host and the page that puts pictures and words together. */

export const imageTabs = ['labels', 'search', 'captions'] as const;
export type ImageTab = (typeof imageTabs)[number];

/** A picture file by the number that the page asks for it with. */
export interface ShownPicture {
  readonly id: number;
  readonly name: string;
  /** Relative to the workspace where it lies in it. */
  readonly path: string;
}

/** The model in use. */
export interface ImageModel {
  readonly id: string;
  /** The graphs in use, one or two. */
  readonly graphFiles: readonly string[];
  /** Longest text in tokens, special tokens included. */
  readonly maxTokens: number;
  readonly scale: LogitScale;
  /** The chosen model, where that one reads no texts and a bundled one stands in. */
  readonly insteadOf: string | null;
  /** Whether there are labels and templates that it is known to understand. */
  readonly hasExamples: boolean;
}

/** Where the work of a tab stands. */
export type ImageRun =
  | { readonly state: 'idle' }
  | {
      readonly state: 'working';
      readonly stage: 'model' | 'listing' | 'texts' | 'pictures';
      readonly done: number;
      /** 0 while nobody knows. */
      readonly total: number;
      /** Pictures in a second; null until a few tell. */
      readonly perSecond: number | null;
    }
  | { readonly state: 'stopped'; readonly done: number; readonly total: number }
  | {
      readonly state: 'failed';
      readonly message: string;
      readonly detail?: string;
      readonly action: PageAction;
    };

export interface LabelScore {
  readonly label: string;
  readonly cosine: number;
  /** Cosine times the model's scale. */
  readonly logit: number;
  /** Softmax over the labels. */
  readonly probability: number;
}

export interface ClassifiedPicture {
  readonly id: number;
  /** Likeliest first. */
  readonly scores: readonly LabelScore[];
}

/** A file that was left out. */
export interface SkippedPicture {
  readonly path: string;
  readonly reason: string;
}

/** What a model makes of the words of a text. */
export interface TextNotes {
  /** Words that its vocabulary has nothing for. */
  readonly unknown: readonly string[];
  /** How many texts lost their end. */
  readonly numCut: number;
}

/** Pictures and the labels that a person has for them. */
export interface LabelsView {
  readonly pictures: readonly ShownPicture[];
  /** How many there were, when not all were taken. */
  readonly numOffered: number;
  readonly labels: readonly string[];
  readonly templates: readonly string[];
  readonly run: ImageRun;
  /** As far as they are finished, for the labels and templates above. */
  readonly results: readonly ClassifiedPicture[];
  readonly skipped: readonly SkippedPicture[];
  readonly notes: TextNotes;
  /** Null until there is a result. */
  readonly milliseconds: { readonly texts: number; readonly pictures: number } | null;
}

export interface FoundPicture {
  readonly picture: ShownPicture;
  readonly cosine: number;
}

/** A folder of pictures and what is looked for in it. */
export interface SearchView {
  readonly folder: { readonly name: string; readonly path: string } | null;
  readonly query: string;
  readonly run: ImageRun;
  readonly numPictures: number;
  /** Of them the ones with a vector. */
  readonly numIndexed: number;
  /** What the last look through the folder has added and dropped. */
  readonly numAdded: number;
  readonly numDropped: number;
  /** Whether the folder has more pictures than are taken. */
  readonly isLimited: boolean;
  /** Best first; empty without a query. */
  readonly found: readonly FoundPicture[];
  /** The first of those that could not be read, and how many there are. */
  readonly skipped: readonly SkippedPicture[];
  readonly numSkipped: number;
  readonly notes: TextNotes;
  /** Of the last query: its vector and the ranking. */
  readonly milliseconds: number | null;
}

export interface FoundText {
  /** Into the texts. */
  readonly index: number;
  readonly text: string;
  readonly cosine: number;
  /** Its line in the document, one-based; null for a text that was typed. */
  readonly line: number | null;
}

/** One picture and the texts that may belong to it. */
export interface CaptionsView {
  readonly picture: ShownPicture | null;
  readonly texts: readonly string[];
  /** The document whose lines they are; null when they were typed. */
  readonly source: string | null;
  /** How many lines the document had, when not all were taken. */
  readonly numOffered: number;
  readonly run: ImageRun;
  readonly found: readonly FoundText[];
  readonly notes: TextNotes;
  readonly milliseconds: number | null;
}

export interface ImageState {
  readonly tab: ImageTab;
  /** Null until it is loaded. */
  readonly model: ImageModel | null;
  readonly labels: LabelsView;
  readonly search: SearchView;
  readonly captions: CaptionsView;
}

export interface ImageSnapshot extends ImageState {
  readonly locale: string;
  readonly strings: ImageStrings;
}

/** More than these results are not sent. */
export const mostFound = 200;

export type ImageAction =
  | PageAction
  | 'openSamples'
  | 'exampleLabels'
  | 'exampleTemplates'
  | 'copyTable'
  | 'pickPictures'
  | 'pickPicture'
  | 'pickFolder'
  | 'refreshFolder'
  | 'useDocument';

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`images/${method}`);

export const ImagesReady = request<Record<string, never>, ImageSnapshot>('ready');
export const ShowTab = request<{ readonly tab: ImageTab }, null>('tab');
/** Labels and templates as they were typed. */
export const SetLabels = request<{ readonly labels: string; readonly templates: string }, null>('labels');
export const SetQuery = request<{ readonly query: string }, null>('query');
/** Texts as they were typed, one per line. */
export const SetCaptions = request<{ readonly texts: string }, null>('captions');
/** The file of a picture; `type` is its media type. */
export const PictureFile = request<
  { readonly id: number },
  { readonly type: string; readonly bytes: ArrayBuffer }
>('picture');
/** What is done with a picture: opened, looked into, or put beside texts. */
export const UsePicture = request<
  { readonly id: number; readonly how: 'open' | 'attention' | 'captions' },
  null
>('use');
/** Shows where a text stands in its document. */
export const ShowText = request<{ readonly index: number }, null>('text');
export const StopImages = request<{ readonly tab: ImageTab }, null>('stop');
export const PerformImages = request<{ readonly action: ImageAction }, null>('perform');

/** The parts that have changed. */
export const ImagesChanged = new NotificationType<Partial<ImageState>>('images/changed');
