import type { RunProgress } from '../protocol/promptPage';
import type { CellResult, Study } from '../protocol/prompts';
import { itemTitle } from '../suites/suiteRun';
import { forTerminal, writeTo } from './terminal';

/** Tells on a terminal how far a run is: one line that changes, or now and then a line where none can. */
export class ProgressLine {
  private lastWritten = -Infinity;
  private hasBegun = false;
  private width = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly isQuiet: boolean,
  ) {}

  /** @param results the answers that have come since */
  tell(study: Study, { done, total, secondsLeft, cell }: RunProgress, results: readonly CellResult[]): void {
    if (this.isQuiet) {
      return;
    }
    const marks = results.map(({ pass, failure }) =>
      failure === 'error' ? '!' : pass === null ? '?' : pass ? '✓' : '✗',
    );
    const left = secondsLeft === null || done === total ? '' : `, ${Math.max(1, Math.round(secondsLeft))} s`;
    const where = cell ? `  ${cell.strategy} · ${cell.model} · ${itemTitle(study, cell.item, 40)}` : '';
    const text = forTerminal(`[${done}/${total}${left}] ${marks.join('')}${where}`);
    if (this.stream.isTTY) {
      const shown = [...text].slice(0, Math.max(20, (this.stream.columns || 80) - 1)).join('');
      this.stream.write(`\r${shown}${' '.repeat(Math.max(0, this.width - shown.length))}`);
      this.width = shown.length;
    } else if (
      performance.now() - this.lastWritten > 5000 ||
      done === total ||
      (done > 0 && !this.hasBegun)
    ) {
      // The first answer is told at once: from then on it is known to work.
      this.hasBegun = done > 0;
      this.lastWritten = performance.now();
      writeTo(this.stream, `[${done}/${total}${left}]${where}\n`);
    }
  }

  /** Clears the line for what comes next. */
  end(): void {
    if (this.stream.isTTY && this.width > 0) {
      this.stream.write(`\r${' '.repeat(this.width)}\r`);
      this.width = 0;
    }
  }
}
