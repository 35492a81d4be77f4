import {
  type AnswerFormat,
  type CellChange,
  CompareRuns,
  ExportAnswers,
  type GroupKind,
  ListRuns,
  LookAtRun,
  type RunComparison,
  type RunListing,
  type RunLook,
} from '../../src/protocol/promptRuns';
import type { Study } from '../../src/protocol/prompts';
import type { Store } from './store';
import type { Verbs } from './verbs';

const runsAtOnce = 20;
const rowsAtOnce = 50;

/** What the history shows, and how it is asked for. */
export class HistoryStore {
  /** Null while the list is being read for the first time. */
  runs: readonly RunListing[] | null = null;
  numRuns = 0;
  failed = false;
  /** The run whose answers are on show. */
  selected: number | null = null;
  /** Runs that are ticked, at most two. */
  ticked: readonly number[] = [];
  look: RunLook | null = null;
  comparison: RunComparison | null = null;
  query = '';
  groupKind: GroupKind = 'kind';
  change: CellChange | null = null;
  helpOpen = false;
  /** The answer that is open in the list, by its place. */
  openRow: number | null = null;
  private mostRuns = runsAtOnce;
  private mostRows = rowsAtOnce;
  private mostCells = rowsAtOnce;
  private readKey = '';
  /** Only the answer to the last question is shown. */
  private turn = 0;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  /** Reads the list when the study, or what was answered of it, is another than it was. */
  refresh(study: Study, force = false): void {
    const { progress, results } = this.store.snapshot;
    const key = `${study.id} ${progress.state === 'idle' ? `idle ${results.length} ${progress.done}` : 'runs'}`;
    if (key === this.readKey && !force) {
      return;
    }
    if (!this.readKey.startsWith(`${study.id} `)) {
      this.forget();
    }
    this.readKey = key;
    void this.list();
  }

  select(run: number): void {
    this.selected = run;
    this.mostRows = rowsAtOnce;
    this.openRow = null;
    void this.show();
  }

  tick(run: number): void {
    this.ticked = this.ticked.includes(run)
      ? this.ticked.filter((each) => each !== run)
      : [...this.ticked, run].slice(-2);
    this.mostCells = rowsAtOnce;
    this.comparison = null;
    void this.show();
  }

  search(query: string): void {
    this.query = query;
    this.mostRows = rowsAtOnce;
    this.openRow = null;
    void this.show();
  }

  filter(change: CellChange | null): void {
    this.change = change;
    this.mostCells = rowsAtOnce;
    void this.show();
  }

  older(): void {
    this.mostRuns += runsAtOnce;
    void this.list();
  }

  more(): void {
    this.mostRows += rowsAtOnce;
    this.mostCells += rowsAtOnce;
    void this.show();
  }

  changed(): void {
    this.store.changed();
  }

  async export(format: AnswerFormat): Promise<void> {
    const { comparison, selected, query, change } = this;
    if (selected === null) {
      return;
    }
    const shown = comparison
      ? { before: comparison.before, after: comparison.after, change }
      : { run: selected, query };
    const done = await this.verbs.send(ExportAnswers, { format, shown });
    if (done?.saved) {
      this.store.say(this.store.snapshot.strings.saved);
    }
  }

  /** The older of the ticked runs first. */
  get pair(): readonly [number, number] | null {
    const [one, two] = [...this.ticked].sort((a, b) => a - b);
    return one !== undefined && two !== undefined ? [one, two] : null;
  }

  private forget(): void {
    this.runs = null;
    this.selected = null;
    this.ticked = [];
    this.look = null;
    this.comparison = null;
    this.query = '';
    this.mostRuns = runsAtOnce;
  }

  private async list(): Promise<void> {
    const found = await this.verbs.send(ListRuns, { most: this.mostRuns });
    this.failed = found === undefined;
    if (found) {
      const known = new Set(found.runs.map(({ id }) => id));
      const newest = this.runs?.[0]?.id;
      this.ticked = this.ticked.filter((id) => known.has(id));
      // Who looked at the newest run looks at the newest run.
      if (this.selected === null || !known.has(this.selected) || this.selected === newest) {
        this.selected = found.runs[0]?.id ?? null;
      }
      this.runs = found.runs;
      this.numRuns = found.numRuns;
    }
    await this.show();
  }

  private async show(): Promise<void> {
    const turn = ++this.turn;
    const { pair, selected, query, change } = this;
    this.changed();
    if (pair) {
      const [before, after] = pair;
      const found = await this.verbs.send(CompareRuns, { before, after, change, most: this.mostCells });
      if (turn === this.turn) {
        this.comparison = found ?? null;
      }
    } else if (selected !== null) {
      const found = await this.verbs.send(LookAtRun, { run: selected, query, most: this.mostRows });
      if (turn === this.turn) {
        this.comparison = null;
        this.look = found ?? null;
      }
    }
    this.changed();
  }
}
