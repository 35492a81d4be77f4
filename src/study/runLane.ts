import { type CancellationToken, CancellationTokenSource } from '../protocol/jsonrpc';
import { type CellAddress, cellKey } from '../protocol/prompts';

/** Cells that wait for one provider, and those that it works on. */
export class RunLane {
  /** Failures in a row that asking on would only repeat. */
  failures = 0;
  /** The person's leave, asked for once a run. */
  private leave: Promise<boolean> | undefined;
  private waiting: CellAddress[] = [];
  private readonly active = new Map<
    CancellationToken,
    { readonly cell: CellAddress; readonly source: CancellationTokenSource }
  >();

  get numLeft(): number {
    return this.waiting.length + this.active.size;
  }

  get numActive(): number {
    return this.active.size;
  }

  get cells(): CellAddress[] {
    return [...this.active.values()].map(({ cell }) => cell);
  }

  /** Adds cells that are not here already. One that was stopped will give no answer, so it is asked anew. */
  add(cells: readonly CellAddress[]): void {
    const running = [...this.active].filter(([token]) => !token.isCancellationRequested);
    const known = new Set([...this.waiting, ...running.map(([, { cell }]) => cell)].map(cellKey));
    this.waiting.push(...cells.filter((cell) => !known.has(cellKey(cell))));
  }

  next(): CellAddress | undefined {
    return this.waiting[0];
  }

  /** Takes the next cell to work on. @returns what stops it, and by which {@link end} knows it */
  begin(cell: CellAddress): CancellationToken {
    this.waiting.shift();
    const source = new CancellationTokenSource();
    const { token } = source;
    this.active.set(token, { cell, source });
    return token;
  }

  /** A cell is done, or has stopped. */
  end(token: CancellationToken): void {
    this.active.get(token)?.source.dispose();
    this.active.delete(token);
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
