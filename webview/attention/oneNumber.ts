import type { ExplainRequest, ExplainedWeight } from '../../src/protocol/oneNumber';
import { isScopeError, toScopeError } from '../../src/protocol/errors';
import type { RunViews } from './runViews';

/** A query and a key, as tokens of the run. */
export interface TokenPair {
  readonly query: number;
  readonly key: number;
}

export type NumberState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked' }
  /** `hidden`: the graph does not show what it is computed from. */
  | { readonly kind: 'failed'; readonly hidden: boolean; readonly detail: string | undefined }
  | { readonly kind: 'ready'; readonly of: ExplainRequest; readonly weight: ExplainedWeight };

/** Which weight is taken apart, and what came of it. */
export class OneNumber {
  state: NumberState = { kind: 'none' };
  /** The pair that holds against pointing elsewhere. */
  kept: TokenPair | null = null;
  /** The pair that was on show last. */
  last: TokenPair | null = null;
  private asked = '';

  constructor(
    private readonly views: RunViews,
    private readonly changed: () => void,
  ) {}

  forget(): void {
    this.kept = this.last = null;
    this.asked = '';
    this.state = { kind: 'none' };
  }

  keep(pair: TokenPair | null): void {
    if (this.kept !== pair) {
      this.kept = pair;
      this.changed();
    }
  }

  /**
   * Asks how a weight comes about, unless it was asked already; the numbers before stay until the new ones are there.
   * @param pair the same as tokens of the run
   */
  async follow(request: ExplainRequest, pair: TokenPair): Promise<void> {
    const asked = JSON.stringify(request);
    if (this.asked === asked) {
      return;
    }
    this.asked = asked;
    this.last = pair;
    if (this.state.kind !== 'ready') {
      this.state = { kind: 'asked' };
    }
    try {
      const weight = await this.views.explain(request);
      if (this.asked === asked) {
        this.show({ kind: 'ready', of: request, weight });
      }
    } catch (error) {
      if (this.asked === asked && !isScopeError(error, 'cancelled')) {
        const hidden = isScopeError(error, 'modelUnsupported');
        this.show({ kind: 'failed', hidden, detail: toScopeError(error).detail });
      }
    }
  }

  /** Asks again for what has failed. */
  retry(): void {
    this.asked = '';
    this.show({ kind: 'none' });
  }

  /** Opens the function of a step; the host tells a failure. */
  showCode(step: Parameters<RunViews['showCode']>[0]): void {
    this.views.showCode(step).catch(() => undefined);
  }

  private show(state: NumberState): void {
    this.state = state;
    this.changed();
  }
}
