import { isScopeError, toScopeError } from '../../src/protocol/errors';

/** The answer to the newest question; the one before stays until it is there. */
export class Answer<Value> {
  value: Value | null = null;
  /** Why the newest question has no answer; null while it may get one. */
  failed: string | null = null;
  /** What was asked last. */
  of = '';

  constructor(private readonly changed: () => void) {}

  /** Asks, unless the same was asked already. */
  follow(of: string, ask: () => Promise<Value>): void {
    if (of === this.of) {
      return;
    }
    this.of = of;
    this.failed = null;
    ask().then(
      (value) => {
        if (this.of === of) {
          this.value = value;
          this.changed();
        }
      },
      (error: unknown) => {
        if (this.of === of && !isScopeError(error, 'cancelled')) {
          this.failed = toScopeError(error).detail ?? '';
          this.value = null;
          this.changed();
        }
      },
    );
  }

  /** So that the same can be asked once more. */
  forget(): void {
    this.of = '';
    this.failed = null;
  }
}
