import { ScopeError } from '../protocol/errors';
import { ServerFailure } from './serverFailure';

/** How often and how patiently a question is asked again. */
export interface Patience {
  /** Tries in all. */
  readonly tries: number;
  /** Before the second try, in milliseconds; each further wait is twice as long. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** A server may ask for a longer wait than our own; beyond this the person is told instead. */
  readonly longestAsked: number;
  /** Draws from 0 to 1: without it all who failed together would come back together. */
  readonly random: () => number;
}

export const patient: Patience = {
  tries: 6,
  firstWait: 500,
  longestWait: 30_000,
  longestAsked: 120_000,
  random: () => Math.random(),
};

/**
 * Tries again after failures that pass, waiting twice as long each time and a random half of that, or as long as the
 * server asks.
 * @throws {ScopeError} the last failure; `cancelled`
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  patience: Patience,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 0; ;) {
    throwIfAborted(signal);
    try {
      return await attempt();
    } catch (error) {
      throwIfAborted(signal);
      failures++;
      if (!(error instanceof ServerFailure) || !error.isTransient || failures >= patience.tries) {
        throw error;
      }
      const full = Math.min(patience.longestWait, patience.firstWait * 2 ** (failures - 1));
      const own = full * (0.5 + 0.5 * patience.random());
      const wait = error.retryAfter === undefined ? own : Math.max(own, error.retryAfter);
      if (wait > Math.max(patience.longestAsked, patience.longestWait)) {
        throw error;
      }
      await waitFor(wait, signal);
    }
  }
}

/** @throws {ScopeError} `cancelled` */
export async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
  throwIfAborted(signal);
}

/** @throws {ScopeError} `cancelled` */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new ScopeError('cancelled');
  }
}
