import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';
import type { ToModel } from './modelRequest';

/** What the inference process has in memory, and how that is changed. */

/** A model that is loaded, by its folder. */
export interface LoadedModel {
  readonly folder: string;
  /** Bytes of its graphs with their weights. One that is looked into and used counts twice: as two sessions. */
  readonly bytes: number;
}

export interface ProcessMemory {
  readonly models: readonly LoadedModel[];
  /** Bytes of memory that the whole process takes; 0 where that cannot be known. */
  readonly residentBytes: number;
  readonly runtime: 'native' | 'wasm';
  readonly numThreads: number;
}

/** Answered at once, also while jobs wait. */
export const ListLoaded = new RequestType<Record<string, never>, ProcessMemory, ErrorData>('models/loaded');

/** Loads what the attention panel needs of a model, for texts or pictures, whichever it reads. */
export const LoadModel = new RequestType<ToModel, ProcessMemory, ErrorData>('models/load');

/**
 * Releases every session of one model, when the jobs before it are done. What WASM has grown to stays with the
 * process until it ends; native code gives most of it back.
 */
export const UnloadModel = new RequestType<{ readonly folder: string }, ProcessMemory, ErrorData>(
  'models/unload',
);

/** A model was loaded, or released to make room. */
export const LoadedChanged = new NotificationType<ProcessMemory>('models/changed');
