import { ScopeError } from '../protocol/errors';

interface Waiting {
  readonly owner: string;
  start(): void;
  reject(error: ScopeError): void;
}

/** One job at a time, in order; a newer job of an owner replaces that owner's waiting one. */
export class JobQueue {
  private waiting: Waiting[] = [];
  private busy = false;

  /** Runs `job` when its turn comes; rejects with `cancelled` when it was replaced before. */
  run<T>(owner: string, job: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting = this.waiting.filter((other) => {
        if (other.owner === owner) {
          other.reject(new ScopeError('cancelled', 'a newer request took its place'));
          return false;
        }
        return true;
      });
      const start = (): void => {
        this.busy = true;
        job()
          .then(resolve, reject)
          .finally(() => {
            this.busy = false;
            this.startNext();
          });
      };
      this.waiting.push({ owner, start, reject });
      this.startNext();
    });
  }

  private startNext(): void {
    if (!this.busy) {
      this.waiting.shift()?.start();
    }
  }
}
