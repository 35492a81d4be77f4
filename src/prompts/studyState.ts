import { type CellAddress, type CellResult, type Study, cellKey } from '../protocol/prompts';
import type { StudySummary } from '../protocol/promptSummary';
import { fingerprintOf } from './fingerprint';
import { summarise } from './results';
import { strategyId } from './strategy';

/** Steps back that are kept. */
const mostSteps = 100;

/** A study as it is edited and answered: the definition with its history, and every result so far. */
export class StudyState {
  private past: Study[] = [];
  private future: Study[] = [];
  private readonly all = new Map<string, CellResult>();
  private fingerprints = new Map<string, string | null>();

  constructor(
    private definition: Study,
    results: readonly CellResult[] = [],
  ) {
    results.forEach((result) => this.all.set(cellKey(result), result));
  }

  get study(): Study {
    return this.definition;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  edit(study: Study): void {
    this.past = [...this.past, this.definition].slice(-mostSteps);
    this.future = [];
    this.replace(study);
  }

  /** @returns whether there was a step to take */
  undo(redo: boolean): boolean {
    const study = (redo ? this.future : this.past).pop();
    if (!study) {
      return false;
    }
    (redo ? this.past : this.future).push(this.definition);
    this.replace(study);
    return true;
  }

  private replace(study: Study): void {
    this.definition = study;
    this.fingerprints = new Map();
  }

  record(result: CellResult): void {
    this.all.set(cellKey(result), result);
  }

  /** A person's verdict in place of the scorer's; null leaves it open. */
  judge(cell: CellAddress, pass: boolean | null): CellResult | undefined {
    const result = this.result(cell);
    if (!result) {
      return undefined;
    }
    const failure = pass === false ? (result.failure ?? 'wrong') : null;
    const judged: CellResult = { ...result, pass, failure, judged: pass !== null };
    this.record(judged);
    return judged;
  }

  /** The answer to a cell, if it was given to the study as it is now. */
  result(cell: CellAddress): CellResult | undefined {
    const found = this.all.get(cellKey(cell));
    return found && found.fingerprint === this.fingerprint(cell) ? found : undefined;
  }

  /** Answers that count. */
  results(): CellResult[] {
    return [...this.all.values()].filter((result) => this.result(result) === result);
  }

  /** Every answer ever given; what does not count now may after an undo. */
  everything(): CellResult[] {
    return [...this.all.values()];
  }

  /** Answers to cells that the study still has, given before something of them was changed. */
  get numOutdated(): number {
    return [...this.cells('input'), ...this.cells('items')].filter(
      (cell) => this.all.has(cellKey(cell)) && !this.result(cell),
    ).length;
  }

  summary(): StudySummary {
    return summarise(this.definition, new Map(this.results().map((result) => [cellKey(result), result])));
  }

  /** Every cell of the input or of the test items, item by item, so that ways can be compared early. */
  cells(of: 'input' | 'items'): CellAddress[] {
    const { task, strategies, models } = this.definition;
    const items = of === 'input' ? [-1] : task.items.map((_, item) => item);
    return items.flatMap((item) =>
      models.flatMap(({ id }) =>
        strategies.map((strategy) => ({ strategy: strategyId(strategy), item, model: id })),
      ),
    );
  }

  /** Cells of the test without an answer, or whose answer failed. */
  missing(): CellAddress[] {
    return this.cells('items').filter((cell) => {
      const result = this.result(cell);
      return !result || result.failure === 'error';
    });
  }

  private fingerprint(cell: CellAddress): string | null {
    const key = cellKey(cell);
    let found = this.fingerprints.get(key);
    if (found === undefined) {
      found = fingerprintOf(this.definition, cell);
      this.fingerprints.set(key, found);
    }
    return found;
  }
}
