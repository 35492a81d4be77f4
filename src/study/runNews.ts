import type { CellsUpdate, RunProgress } from '../protocol/promptPage';
import type { StudySummary } from '../protocol/promptSummary';
import { type CellAddress, type CellResult, type Study, cellKey } from '../protocol/prompts';

/** What the news are about. */
export interface NewsSource {
  readonly study: Study | null;
  readonly progress: RunProgress;
  /** The answer to a cell of the study as it is now. */
  result(cell: CellAddress): CellResult | undefined;
  summary(): StudySummary | null;
  findings(summary: StudySummary | null): string[];
  advice(summary: StudySummary | null): string[];
}

/** Who hears them. */
export interface NewsHearer {
  cellsChanged(update: CellsUpdate): void;
  streamed(cell: CellAddress, text: string): void;
}

type Summed = Pick<CellsUpdate, 'summary' | 'findings' | 'advice'>;

/** Answers are told in bundles, at most this often. */
const updateMilliseconds = 200;
/** So is the text of an answer being written: a page cannot be read faster, and drawing it takes time from the model. */
const streamMilliseconds = 50;

/** Tells of a run no more often than somebody can read it. */
export class RunNews {
  private fresh: CellResult[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unheard = new Map<string, { cell: CellAddress; text: string }>();
  private streamTimer: ReturnType<typeof setTimeout> | undefined;
  /** The summary that was told last, and how long it may stand while answers come in. */
  private summed: (Summed & { readonly study: Study | null; readonly until: number }) | undefined;
  private isDisposed = false;

  constructor(
    private readonly source: NewsSource,
    private readonly hearer: NewsHearer,
  ) {}

  /** So far a cell's answer reads so: the first word is told at once, what follows in bundles. */
  writes(cell: CellAddress, text: string): void {
    this.unheard.set(cellKey(cell), { cell, text });
    if (this.streamTimer === undefined) {
      this.tellWritten();
    }
  }

  /** A cell's answer is whole: what was written of it on the way is not told after it. */
  written(cell: CellAddress): void {
    this.unheard.delete(cellKey(cell));
  }

  /** A cell has another result. */
  answered(result: CellResult): void {
    this.fresh.push(result);
    this.soon();
  }

  /** Tells how things stand, with the next bundle. */
  soon(): void {
    if (this.isDisposed) {
      // What still comes from the process after the page has closed is kept in the journal, but told to nobody.
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const { progress } = this.source;
      const results = this.fresh.splice(0).filter((result) => this.source.result(result) !== undefined);
      this.hearer.cellsChanged({ results, ...this.summedUp(progress.state === 'running'), progress });
    }, updateMilliseconds);
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    clearTimeout(this.streamTimer);
  }

  private tellWritten(): void {
    this.streamTimer = undefined;
    if (this.unheard.size > 0 && !this.isDisposed) {
      this.unheard.forEach(({ cell, text }) => this.hearer.streamed(cell, text));
      this.unheard.clear();
      this.streamTimer = setTimeout(() => this.tellWritten(), streamMilliseconds);
    }
  }

  /**
   * Thousands of answers take a while to be summed up; while more come in, that is done anew only for a tenth of the
   * time, so that the editor does not wait.
   * @param mayWait whether a summary will follow
   */
  private summedUp(mayWait: boolean): Summed {
    const started = performance.now();
    const { source, summed: last } = this;
    const { study } = source;
    if (mayWait && last && last.study === study && started < last.until) {
      return { summary: last.summary, findings: last.findings, advice: last.advice ?? [] };
    }
    const summary = source.summary();
    const told = { summary, findings: source.findings(summary), advice: source.advice(summary) };
    const until = performance.now() + 9 * (performance.now() - started);
    this.summed = { ...told, study, until };
    return told;
  }
}
