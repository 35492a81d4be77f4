import type { HeadRequest, HeadWeights, TextRange } from './attention';
import type { ArchitectureStrings } from './architectureStrings';
import type { CompareStrings } from './compareStrings';
import type { ComparePart, ComparedText, CompareStates, Side } from './compare';
import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';
import type { ModelSource } from './model';

/** The wire between the extension host and the page that compares two models. */

/** Losses of our own recipe at several sizes, as `models/training/gpt/scaling.json` has them. */
export interface ScalingCurve {
  readonly tokens: number;
  readonly sizes: readonly {
    readonly layers: number;
    readonly width: number;
    readonly heads: number;
    readonly parameters: number;
    readonly nonEmbedding: number;
    /** Nats per token. */
    readonly heldOutLoss: number;
    readonly bitsPerByte?: number;
    /** Accuracy by number of examples. */
    readonly fewShot?: Readonly<Record<string, number>>;
  }[];
  /** `L(N) = a · N^-b + c`. */
  readonly fit: { readonly a: number; readonly b: number; readonly c: number };
}

/** Everything the page needs; sent whole when the text or a model changes. */
export interface CompareSnapshot {
  readonly locale: string;
  readonly strings: CompareStrings & ArchitectureStrings;
  /** Null until there is a text. */
  readonly compared: ComparedText | null;
  readonly parts: CompareStates;
  /** True while something is measured. */
  readonly busy: boolean;
  /** Models that can be put into a place at once. */
  readonly models: readonly ModelSource[];
  /** What the reader wrote beside the results; it goes into the report. */
  readonly notes: string;
  readonly scaling: ScalingCurve | null;
  /** A tab that the page is asked to turn to; null leaves it where it is. */
  readonly turnTo: string | null;
  /** What the page told with {@link CompareLook} when the comparison was last seen: it is opened so. */
  readonly openLook?: unknown;
}

export type CompareAction = 'openLog' | 'openSample' | 'useSelection';

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`compare/${method}`);

export const CompareReady = request<Record<string, never>, CompareSnapshot>('ready');
/** Another text, typed into the page; everything is measured anew. */
export const CompareText = request<{ readonly text: string }, null>('text');
/** Puts a model into a place; null lets the host ask for a folder or another model. */
export const PlaceModel = request<{ readonly side: Side; readonly model: ModelSource | null }, null>('place');
/** Swaps the two places. */
export const SwapModels = request<Record<string, never>, null>('swap');
/** Measures a part again. */
export const RunPart = request<{ readonly part: ComparePart }, null>('run');
/** Stops what is being measured; what is finished stays. */
export const StopCompare = request<Record<string, never>, null>('stop');
/** Asks both models for the word with this index. */
export const AskBlank = request<{ readonly word: number }, null>('blank');
/** Masks the text anew, with another seed: dynamic masking. */
export const MaskAgain = request<Record<string, never>, null>('mask');
/** Replaces other words for the model that detects them, with another seed. */
export const ReplaceAgain = request<Record<string, never>, null>('replace');
/** Asks the base and the tuned model. */
export const AskChat = request<{ readonly prompt: string }, null>('chat');
/** Adds a column to the table of architectures; the host asks which model. Or removes the column `remove`. */
export const ChangeColumns = request<{ readonly remove?: number }, null>('columns');
/** One head's weights of a run of the reading part. */
export const CompareHead = request<HeadRequest, HeadWeights>('head');
/** Opens the attention visualizer on the text with a side's model, at a layer where one is named. */
export const OpenVisualizer = request<{ readonly side: Side; readonly layer?: number }, null>('visualizer');
/** Which tab the reader sees. */
export const TabShown = request<{ readonly tab: string }, null>('tab');
export const SetNotes = request<{ readonly notes: string }, null>('notes');
export const ExportReport = request<
  { readonly format: 'md' | 'html'; readonly language: 'en' | 'zh' },
  { readonly saved: boolean }
>('export');
export const PerformCompare = request<{ readonly action: CompareAction }, null>('perform');

export const CompareChanged = new NotificationType<CompareSnapshot>('compare/snapshot');
/** Some parts changed; the others stand as they were. */
export const ComparePartsChanged = new NotificationType<{
  readonly parts: Partial<CompareStates>;
  readonly busy: boolean;
}>('compare/parts');
/** What a model has written so far in the chat or the uses part. */
export const CompareStreamed = new NotificationType<{
  readonly what: 'base' | 'tuned' | 'continued';
  readonly text: string;
}>('compare/stream');
/** Where the reader is: tab, layer, head. Only the page knows what it means; it is plain JSON. */
export const CompareLook = new NotificationType<{ readonly look: unknown }>('compare/look');
/** The page points at a part of the text, or at nothing: the editor marks it. */
export const ComparePointAt = new NotificationType<{ readonly range: TextRange | null }>('compare/pointAt');
/** The editor's cursor stands in the text at this offset, or elsewhere. */
export const CompareCursorAt = new NotificationType<{ readonly offset: number | null }>('compare/cursorAt');
