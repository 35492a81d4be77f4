import type { ErrorData } from '../../src/protocol/errors';
import { type CancellationToken, CancellationTokenSource } from '../../src/protocol/jsonrpc';

export type AskedState<R> =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly error: ErrorData }
  | { readonly kind: 'ready'; readonly value: R };

/** Something that takes a while to answer: a newer question ends the one before. */
export class Asked<R> {
  state: AskedState<R> = { kind: 'none' };
  /** What was asked, for those who must not ask twice. */
  key = '';
  private running: CancellationTokenSource | null = null;
  /** The last answer, until another comes: numbers do not flicker. */
  private last: R | null = null;

  constructor(private readonly changed: () => void) {}

  /** The answer on show. */
  get value(): R | null {
    return this.state.kind === 'ready' ? this.state.value : this.last;
  }

  async ask(question: (token: CancellationToken) => Promise<R>): Promise<void> {
    this.running?.cancel();
    const source = new CancellationTokenSource();
    this.running = source;
    this.show({ kind: 'asked', done: 0, total: 0 });
    try {
      const value = await question(source.token);
      if (this.running === source) {
        this.last = value;
        this.show({ kind: 'ready', value });
      }
    } catch (error) {
      if (this.running === source) {
        const failure = failureOf(error);
        this.show(failure.code === 'cancelled' ? { kind: 'none' } : { kind: 'failed', error: failure });
      }
    }
  }

  setProgress(done: number, total: number): void {
    if (this.state.kind === 'asked') {
      this.show({ kind: 'asked', done, total });
    }
  }

  cancel(): void {
    this.running?.cancel();
    this.running = null;
    this.show({ kind: 'none' });
  }

  forget(): void {
    this.running?.cancel();
    this.running = null;
    this.last = null;
    this.key = '';
    this.state = { kind: 'none' };
  }

  private show(state: AskedState<R>): void {
    this.state = state;
    this.changed();
  }
}

/** What went wrong. The page threw it, whose error class is not this script's, so it is known by its fields. */
function failureOf(error: unknown): ErrorData {
  const { code, detail, message } = error as Partial<ErrorData> & { readonly message?: string };
  const told = detail ?? (code === undefined ? message : undefined);
  return { code: code ?? 'internal', ...(told === undefined ? {} : { detail: told }) };
}
