import { ScopeError } from '../protocol/errors';

/** The part of a cancellation token that long work looks at between its steps. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

/** @throws {ScopeError} `cancelled` */
export function refuseCancelled(cancellation: Cancellation | undefined): void {
  if (cancellation?.isCancellationRequested) {
    throw new ScopeError('cancelled');
  }
}

/** Lets waiting messages in: the runtime computes synchronously, and only so is a cancel seen. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets waiting messages in. @throws {ScopeError} `cancelled` when one of them was a cancel, or an earlier one */
export async function breatheUnlessCancelled(cancellation: Cancellation | undefined): Promise<void> {
  await breathe();
  refuseCancelled(cancellation);
}
