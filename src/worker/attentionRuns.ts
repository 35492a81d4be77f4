import type { RunWeights } from '../attention/runViews';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import type { StackName } from '../protocol/seq2seq';

/** What stays in memory of a run, for the views that ask later. */
export interface KeptRun extends RunWeights {
  /** The segment of each token, where two texts were read as a pair. */
  readonly typeIds?: readonly number[];
  /** Of an encoder-decoder: which of its stacks this is, and the text that it renders. */
  readonly stack?: { readonly name: StackName; readonly source: readonly Token[] };
}

export interface StoredRun extends KeptRun {
  readonly runId: number;
}

/** The last run of each owner; an encoder-decoder's is three, one per stack. */
export class AttentionRuns {
  private readonly runs = new Map<string, readonly StoredRun[]>();
  /** A page may still ask for a run of a process that has ended: its number must not mean another run. */
  private nextRunId = 1 + Math.floor(Math.random() * 2 ** 40);

  /** Keeps a run in place of the owner's last ones, whose tensors become free. */
  keep(owner: string, run: KeptRun): StoredRun {
    return this.keepAll(owner, [run])[0] as StoredRun;
  }

  keepAll(owner: string, runs: readonly KeptRun[]): readonly StoredRun[] {
    const stored = runs.map((run) => ({ runId: this.nextRunId++, ...run }));
    this.runs.set(owner, stored);
    return stored;
  }

  /** @throws {ScopeError} `runExpired` */
  find(runId: number): StoredRun {
    const run = [...this.runs.values()].flat().find((each) => each.runId === runId);
    if (!run) {
      throw new ScopeError('runExpired');
    }
    return run;
  }

  release(owner: string): void {
    this.runs.delete(owner);
  }
}
