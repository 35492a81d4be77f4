import type { CellInspection, CellsUpdate, PromptSnapshot } from '../../src/protocol/promptPage';
import {
  type CellAddress,
  type CellResult,
  type RenderedPrompt,
  type Study,
  cellKey,
  mostRepeats,
  promptKey,
} from '../../src/protocol/prompts';
import type { VsCodeApi } from '../common/vscodeApi';

export const tabs = ['ask', 'data', 'results', 'history'] as const;
export type Tab = (typeof tabs)[number];

/** A side view on one answer. */
export interface Inspection {
  readonly cell: CellAddress;
  readonly found: CellInspection | null;
  readonly failed: boolean;
}

/** What the page shows: the host's snapshot with the answers that came since, and where the reader is. */
export class Store {
  tab: Tab = 'ask';
  detailsOpen = false;
  helpOpen = false;
  failuresOnly = false;
  figuresOpen = false;
  /** The prompt under edit, by cell key. */
  editing: { readonly key: string; readonly text: string } | null = null;
  inspection: Inspection | null = null;
  /** The answer that is open under the table of answers. */
  opened: { readonly cell: CellAddress; readonly prompt: RenderedPrompt | null } | null = null;
  /** Said to screen readers, and shown for a moment. */
  notice = '';
  private results = new Map<string, CellResult>();
  private readonly streams = new Map<string, string>();
  private readonly listeners: (() => void)[] = [];

  constructor(
    private current: PromptSnapshot,
    private readonly api: VsCodeApi,
  ) {
    const saved = api.getState();
    const tab: unknown =
      typeof saved === 'object' && saved !== null && 'tab' in saved ? saved.tab : undefined;
    this.tab = tabs.find((each) => each === tab) ?? 'ask';
    this.setSnapshot(current);
  }

  get snapshot(): PromptSnapshot {
    return this.current;
  }

  get study(): Study | null {
    return this.current.study;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  changed(): void {
    this.listeners.forEach((listener) => {
      listener();
    });
  }

  setSnapshot(snapshot: PromptSnapshot): void {
    if (snapshot.study?.id !== this.current.study?.id) {
      this.editing = null;
      this.inspection = null;
      this.opened = null;
      this.streams.clear();
    }
    this.current = snapshot;
    this.results = new Map(snapshot.results.map((result) => [cellKey(result), result]));
    this.changed();
  }

  update({ results, ...rest }: CellsUpdate): void {
    for (const result of results) {
      this.results.set(cellKey(result), result);
      this.streams.delete(cellKey(result));
    }
    if (rest.progress.state === 'idle') {
      this.streams.clear();
    }
    this.current = { ...this.current, ...rest };
    this.changed();
  }

  stream(cell: CellAddress, text: string): void {
    this.streams.set(cellKey(cell), text);
    this.changed();
  }

  result(cell: CellAddress): CellResult | undefined {
    return this.results.get(cellKey(cell));
  }

  /** Whether any of the answers to the cell's prompt is being written. */
  isRunning(cell: CellAddress): boolean {
    return this.runningOf(cell) !== undefined;
  }

  private runningOf(cell: CellAddress): CellAddress | undefined {
    const key = promptKey(cell);
    return this.current.progress.running.find((running) => promptKey(running) === key);
  }

  /** Every answer to the cell's prompt, in the order of the repeats. */
  repeats({ strategy, item, model }: CellAddress): CellResult[] {
    return Array.from({ length: mostRepeats }, (_, repeat) =>
      this.result({ strategy, item, model, repeat }),
    ).filter((result) => result !== undefined);
  }

  /** What a prompt's running answer has written so far. */
  streamed(cell: CellAddress): string | undefined {
    const running = this.runningOf(cell);
    return running && this.streams.get(cellKey(running));
  }

  show(tab: Tab): void {
    this.tab = tab;
    this.api.setState({ tab });
    this.changed();
  }

  say(text: string): void {
    this.notice = text;
    this.changed();
  }
}
