import type { Both, Maybe, Missing } from '../protocol/compare';
import { type ErrorData, type ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import type { RequestType } from '../protocol/jsonrpc';
import type { Generation, GenerationOptions } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import type { Task } from '../protocol/prompts';

/** What a measure may do: ask the inference process, until it is told to stop. */
export interface Measuring {
  readonly models: Both<ModelSource>;
  /** Asks; rejects with {@link ScopeError} `cancelled` when the comparison was stopped. */
  ask<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R>;
  /** Continues a prompt; `onText` is told everything written so far. */
  generate(
    params: { model: ModelSource; owner: string; prompt: string; options: GenerationOptions },
    onText: (text: string) => void,
  ): Promise<Generation>;
  /** A failure in the reader's language. */
  describe(error: ScopeError): string;
  /** Bundled models that stand in where neither place has what a part needs. */
  readonly bundled: {
    readonly encoder?: ModelSource;
    readonly classifier?: ModelSource;
    readonly decoder?: ModelSource;
    readonly tuned?: ModelSource;
  };
  /** The bundled task that sentiment is asked with. */
  sentiment(language: 'en' | 'zh'): Promise<Task>;
}

/** Names a comparison's jobs to the inference process. */
export const compareOwner = 'compare';

/**
 * What `measure` finds, or why there is nothing: a model that cannot do it is no failure of the comparison.
 * @param unsupported what it means that a model does not support the request
 * @throws {ScopeError} `cancelled`, and `workerDied`: then the rest has no chance either
 */
export async function attempt<T>(
  { describe }: Pick<Measuring, 'describe'>,
  unsupported: Missing['missing'],
  measure: () => Promise<T>,
): Promise<Maybe<T>> {
  try {
    return await measure();
  } catch (error) {
    if (isScopeError(error, 'cancelled') || isScopeError(error, 'workerDied')) {
      throw error;
    }
    return isScopeError(error, 'modelUnsupported') && unsupported !== 'failed'
      ? { missing: unsupported, ...(error.detail === undefined ? {} : { detail: error.detail }) }
      : { missing: 'failed', detail: describe(toScopeError(error)) };
  }
}
