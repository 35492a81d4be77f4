import { ScopeError } from '../protocol/errors';

/** Knows whether a page runs: one that is hidden is unloaded, and what is sent to it is lost. */
export class PageGate {
  private isOpen = false;
  private waiting: (() => void)[] = [];

  opened(): void {
    this.isOpen = true;
    for (const go of this.waiting.splice(0)) {
      go();
    }
  }

  closed(): void {
    this.isOpen = false;
  }

  /** Resolves when the page runs. @throws {ScopeError} `internal` when it does not in time. */
  async wait(milliseconds: number): Promise<void> {
    if (this.isOpen) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new ScopeError('internal', 'the page did not start')),
        milliseconds,
      );
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
