import { ScopeError } from '../protocol/errors';
import { HubError } from './hubError';

/** Longest that the hub may make us wait; beyond it the person is told instead. */
const longestWait = 60_000;

/**
 * Tries again after failures that pass, waiting longer each time, or as long as the hub asks.
 * @param delays milliseconds before the second try, the third, …
 * @param attempt is told how to begin the count anew, which it does when it got further than before
 */
export async function withRetries<T>(
  attempt: (progressed: () => void) => Promise<T>,
  delays: readonly number[],
  signal?: AbortSignal,
): Promise<T> {
  let failures = 0;
  for (;;) {
    throwIfCancelled(signal);
    try {
      return await attempt(() => (failures = 0));
    } catch (error) {
      throwIfCancelled(signal);
      const delay = delays[failures++];
      if (!(error instanceof HubError) || !error.isTransient || delay === undefined) {
        throw error;
      }
      const wait = error.retryAfter ?? delay;
      if (wait > longestWait) {
        throw error;
      }
      await pause(wait, signal);
    }
  }
}

/** @throws {ScopeError} `cancelled` */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new ScopeError('cancelled');
  }
}

/** @throws {ScopeError} `cancelled` */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
  throwIfCancelled(signal);
}
