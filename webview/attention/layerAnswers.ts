import type { AttentionView, LayersAtToken } from '../../src/protocol/attentionPage';
import { isScopeError, toScopeError } from '../../src/protocol/errors';
import type { RunViews } from './runViews';

export type LayersState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked'; readonly position: number }
  | { readonly kind: 'failed'; readonly position: number; readonly detail: string | undefined }
  | { readonly kind: 'ready'; readonly position: number; readonly reading: LayersAtToken };

/** The lens reads one text: neither an encoder-decoder nor a sentence pair, which for a decoder is one text. */
export function readsLayers({ stacks, secondFrom, causal }: AttentionView): boolean {
  return !stacks && (secondFrom === undefined || causal);
}

/** What every layer would answer at the token whose predictions are on show; asked only while it is open. */
export class LayerAnswers {
  open = false;
  state: LayersState = { kind: 'none' };

  constructor(
    private readonly views: RunViews,
    private readonly changed: () => void,
  ) {}

  forget(): void {
    this.state = { kind: 'none' };
  }

  toggle(runId: number, position: number): void {
    this.open = !this.open;
    this.changed();
    void this.follow(runId, position);
  }

  /** Goes with the predictions to another token. What has failed is asked again. */
  async follow(runId: number, position: number): Promise<void> {
    const { state } = this;
    const isThere = (state.kind === 'asked' || state.kind === 'ready') && state.position === position;
    if (!this.open || isThere) {
      return;
    }
    const asked: LayersState = { kind: 'asked', position };
    this.show(asked);
    try {
      const reading = await this.views.layersAt(runId, position);
      if (this.state === asked) {
        this.show({ kind: 'ready', position, reading });
      }
    } catch (error) {
      if (this.state === asked) {
        this.show(
          isScopeError(error, 'cancelled')
            ? { kind: 'none' }
            : { kind: 'failed', position, detail: toScopeError(error).detail },
        );
      }
    }
  }

  private show(state: LayersState): void {
    this.state = state;
    this.changed();
  }
}
