import type { LayerWeights } from '../attention/weights';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';

/** What stays in memory of a run, for the views that ask later. */
export interface StoredRun {
  readonly runId: number;
  readonly layers: readonly LayerWeights[];
  readonly tokens: readonly Token[];
  readonly causal: boolean;
}

/** The last run of each owner. */
export class AttentionRuns {
  private readonly runs = new Map<string, StoredRun>();
  private nextRunId = 1;

  /** Keeps a run in place of the owner's last one, whose tensors become free. */
  keep(owner: string, run: Omit<StoredRun, 'runId'>): StoredRun {
    const stored = { runId: this.nextRunId++, ...run };
    this.runs.set(owner, stored);
    return stored;
  }

  /** @throws {ScopeError} `runExpired` */
  find(runId: number): StoredRun {
    const run = [...this.runs.values()].find((each) => each.runId === runId);
    if (!run) {
      throw new ScopeError('runExpired');
    }
    return run;
  }

  release(owner: string): void {
    this.runs.delete(owner);
  }
}
