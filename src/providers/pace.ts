import { ScopeError } from '../protocol/errors';
import { throwIfAborted, waitFor } from './retrying';

/** So many at once, the others in the order in which they came. */
export class Slots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly count: number) {}

  /** Runs a task when there is room for it. @throws {ScopeError} `cancelled` when the signal says so before */
  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.take(signal);
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        // The slot goes over as it is.
        next();
      } else {
        this.taken--;
      }
    }
  }

  private async take(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (this.taken < this.count) {
      this.taken++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      // Whoever leaves has no slot, so none is to be given back.
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        signal.removeEventListener('abort', leave);
        reject(new ScopeError('cancelled'));
      };
      this.waiting.push(go);
      signal.addEventListener('abort', leave);
    });
  }
}

/** So much per minute: what was not used in the last minute may be used at once (a token bucket). */
export class MinuteBudget {
  private left: number;
  private since: number;

  constructor(
    /** Null sets no limit. */
    private readonly perMinute: number | null,
    /** Milliseconds. */
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void> = waitFor,
  ) {
    this.left = perMinute ?? 0;
    this.since = now();
  }

  /** Takes an amount as soon as there is so much; more than a minute's worth waits for a full minute. */
  async take(amount: number, signal: AbortSignal): Promise<void> {
    const { perMinute } = this;
    if (perMinute === null) {
      return;
    }
    const wanted = Math.min(amount, perMinute);
    this.refill(perMinute);
    // Taken at once, below zero if need be: whoever comes later waits behind this one.
    this.left -= wanted;
    if (this.left < 0) {
      await this.wait((-this.left / perMinute) * 60_000, signal);
    }
  }

  /** Gives back what was taken too much, or takes what was taken too little. */
  correct(taken: number, used: number): void {
    const { perMinute } = this;
    if (perMinute !== null) {
      this.refill(perMinute);
      this.left = Math.min(perMinute, this.left + Math.min(taken, perMinute) - used);
    }
  }

  private refill(perMinute: number): void {
    const now = this.now();
    this.left = Math.min(perMinute, this.left + ((now - this.since) / 60_000) * perMinute);
    this.since = now;
  }
}
