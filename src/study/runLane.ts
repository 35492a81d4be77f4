import { type CancellationToken, CancellationTokenSource } from '../protocol/jsonrpc';
import { type CellAddress, cellKey } from '../protocol/prompts';

/** Cells that wait for one provider, and those that it works on. */
export class RunLane {
  /** Failures in a row that asking on would only repeat. */
  failures = 0;
  /** The person's leave, asked for once a run. */
  private leave: Promise<boolean> | undefined;
  private waiting: CellAddress[] = [];
  private readonly active = new Map<string, { cell: CellAddress; source: CancellationTokenSource }>();

  get numLeft(): number {
    return this.waiting.length + this.active.size;
  }

  get numActive(): number {
    return this.active.size;
  }

  get cells(): CellAddress[] {
    return [...this.active.values()].map(({ cell }) => cell);
  }

  /** Adds cells that are not here already. */
  add(cells: readonly CellAddress[]): void {
    const known = new Set([...this.waiting.map(cellKey), ...this.active.keys()]);
    this.waiting.push(...cells.filter((cell) => !known.has(cellKey(cell))));
  }

  next(): CellAddress | undefined {
    return this.waiting[0];
  }

  /** Takes the next cell to work on. */
  begin(cell: CellAddress): CancellationToken {
    this.waiting.shift();
    const source = new CancellationTokenSource();
    this.active.set(cellKey(cell), { cell, source });
    return source.token;
  }

  end(cell: CellAddress): void {
    this.active.get(cellKey(cell))?.source.dispose();
    this.active.delete(cellKey(cell));
  }

  /** Asks once, whoever needs to know; a refusal is asked about again in the next run. */
  async allowed(ask: () => Promise<boolean>): Promise<boolean> {
    this.leave ??= ask();
    const allowed = await this.leave;
    if (!allowed) {
      this.leave = undefined;
    }
    return allowed;
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting = [];
  }

  /** Forgets what waits and ends what runs. */
  stop(): void {
    this.clear();
    this.active.forEach(({ source }) => source.cancel());
  }
}
