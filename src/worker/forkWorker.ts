import type { Precision, RuntimeChoice } from '../protocol/model';
import { keptMemory } from './allocator';
import type { WorkerHandle } from './client';
import { forkScript } from './forkScript';

export interface ForkOptions {
  /** The bundled `worker.js`. */
  readonly script: string;
  /** 0 = as many as make sense. */
  readonly numThreads: number;
  readonly runtime: RuntimeChoice;
  /** Which weights are taken where a model has several. */
  readonly precision: Precision;
  /** Graph megabytes (1e6 bytes) of the models that stay loaded. */
  readonly modelMegabytes: number;
  /** What the process prints, for the log. */
  readonly onOutput: (text: string) => void;
}

/** Starts the inference process on the desktop. */
export function forkWorker(options: ForkOptions): WorkerHandle {
  return forkScript(
    options.script,
    {
      TRANSFORMER_SCOPE_THREADS: String(options.numThreads),
      TRANSFORMER_SCOPE_RUNTIME: options.runtime,
      TRANSFORMER_SCOPE_PRECISION: options.precision,
      TRANSFORMER_SCOPE_MODEL_MEGABYTES: String(options.modelMegabytes),
    },
    options.onOutput,
    keptMemory,
  );
}
