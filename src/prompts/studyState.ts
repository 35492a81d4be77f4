import { type CellAddress, type CellResult, type Study, answerKey, cellKey } from '../protocol/prompts';
import type { StudySummary } from '../protocol/promptSummary';
import { fingerprintOf } from './fingerprint';
import { numRepeats, repeatsOf } from './repeats';
import { summarise } from './results';
import { strategyId } from './strategy';

/** Steps back that are kept. */
const mostSteps = 100;

/**
 * A study as it is edited and answered: the definition with its history, and every answer so far. An answer is
 * kept under what was asked, not under the row it was asked in, so rows can be removed and edits undone without
 * losing one.
 */
export class StudyState {
  private past: Study[] = [];
  private future: Study[] = [];
  private readonly all = new Map<string, CellResult>();
  /** Cells by what stands in them, answered under any wording. */
  private readonly everAnswered = new Set<string>();
  private fingerprints = new Map<string, string | null>();
  /** What all answers come to; of use until one of them, or what they are asked by, is another. */
  private known:
    | {
        readonly by: ReadonlyMap<string, string | null>;
        readonly results: CellResult[];
        summary?: StudySummary;
      }
    | undefined;

  /** @param identities what tells each model's files and precision, by model id */
  constructor(
    private definition: Study,
    results: readonly CellResult[] = [],
    private identities: ReadonlyMap<string, string> = new Map(),
  ) {
    results.forEach((result) => {
      this.record(result);
    });
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

  /** Another definition, as no step of its own. */
  replace(study: Study): void {
    this.definition = study;
    this.fingerprints = new Map();
  }

  /** What tells each model's files, by model id. */
  get modelIdentities(): ReadonlyMap<string, string> {
    return this.identities;
  }

  /** Answers of other files than these no longer count. @returns whether anything has changed */
  identify(identities: ReadonlyMap<string, string>): boolean {
    const isSame =
      identities.size === this.identities.size &&
      [...identities].every(([model, identity]) => this.identities.get(model) === identity);
    this.identities = identities;
    this.fingerprints = new Map();
    return !isSame;
  }

  record(result: CellResult): void {
    this.known = undefined;
    this.all.set(answerKey(result), result);
    this.everAnswered.add(this.contentKey(result));
  }

  /** A person's verdict in place of the scorer's; null gives the scorer its word back. */
  judge(cell: CellAddress, pass: boolean | null): CellResult | undefined {
    const result = this.result(cell);
    if (!result) {
      return undefined;
    }
    const { scored, judged, ...plain } = result;
    const own = judged === true && scored ? scored : { pass: result.pass, failure: result.failure };
    const failure = pass === false ? (own.failure ?? 'wrong') : null;
    const kept: CellResult =
      pass === null ? { ...plain, ...own } : { ...plain, pass, failure, judged: true, scored: own };
    this.record(kept);
    return kept;
  }

  /** The answer to a cell, if it was given to the study as it is now. */
  result(cell: CellAddress): CellResult | undefined {
    const fingerprint = this.fingerprint(cell);
    const found = fingerprint === null ? undefined : this.all.get(answerKey({ ...cell, fingerprint }));
    return found && found.item !== cell.item ? { ...found, item: cell.item } : found;
  }

  /** Answers that count: of cells that the study has, in their order. */
  results(): CellResult[] {
    return [...this.counted().results];
  }

  /** Every answer ever given; what does not count now may after an undo. */
  everything(): CellResult[] {
    return [...this.all.values()];
  }

  /** Cells that were answered once, before something of what they ask was changed. */
  get numOutdated(): number {
    return this.allCells().filter(
      (cell) => this.everAnswered.has(this.contentKey(cell)) && !this.result(cell),
    ).length;
  }

  /** Computed once for as long as nothing changes: its intervals are drawn from thousands of resamples. */
  summary(): StudySummary {
    const known = this.counted();
    const { results } = known;
    known.summary ??= summarise(this.definition, new Map(results.map((result) => [cellKey(result), result])));
    return known.summary;
  }

  /** Every cell of the input or of the test items, item by item, so that ways can be compared early. */
  cells(of: 'input' | 'items'): CellAddress[] {
    return this.prompts(of).flatMap((cell) => this.repeats(cell));
  }

  /** A prompt's cells, one per repeat. */
  repeats(cell: CellAddress): CellAddress[] {
    return repeatsOf(cell, numRepeats(this.definition, cell.model));
  }

  /** The same without repeats. */
  prompts(of: 'input' | 'items'): CellAddress[] {
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

  private counted(): NonNullable<typeof this.known> {
    if (this.known?.by !== this.fingerprints) {
      const results = this.allCells().flatMap((cell) => this.result(cell) ?? []);
      this.known = { by: this.fingerprints, results };
    }
    return this.known as NonNullable<typeof this.known>;
  }

  private allCells(): CellAddress[] {
    return [...this.cells('input'), ...this.cells('items')];
  }

  private contentKey({ strategy, item, model, repeat = 0 }: CellAddress): string {
    const { input, task } = this.definition;
    return `${strategy}|${model}|${repeat}|${(item < 0 ? input : task.items[item]?.input) ?? ''}`;
  }

  /** Under which an answer to this cell is kept; null for a cell that the study does not have. */
  fingerprint(cell: CellAddress): string | null {
    const key = cellKey(cell);
    let found = this.fingerprints.get(key);
    if (found === undefined) {
      const { judge } = this.definition.task.scorer;
      const identity = [cell.model, ...(judge ? [judge.model.id] : [])]
        .map((model) => this.identities.get(model) ?? '')
        .join();
      found = fingerprintOf(this.definition, cell, identity);
      this.fingerprints.set(key, found);
    }
    return found;
  }
}
