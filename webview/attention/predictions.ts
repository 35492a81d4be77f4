import type { SamplingOptions, TokenPrediction } from '../../src/protocol/language';
import { isScopeError, toScopeError } from '../../src/protocol/errors';
import type { RunViews } from './runViews';

export type PredictionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked'; readonly position: number }
  | { readonly kind: 'failed'; readonly position: number; readonly detail: string | undefined }
  | { readonly kind: 'ready'; readonly prediction: TokenPrediction };

/** What the model expects at the token that was last asked about. */
export class Predictions {
  state: PredictionState = { kind: 'none' };
  sampling: Required<Pick<SamplingOptions, 'temperature' | 'topK' | 'topP'>> = {
    temperature: 1,
    topK: 0,
    topP: 1,
  };
  private asked: { readonly runId: number; readonly position: number } | null = null;

  constructor(
    private readonly views: RunViews,
    private readonly changed: () => void,
  ) {}

  forget(): void {
    this.asked = null;
    this.state = { kind: 'none' };
  }

  /** Shows what would be drawn with other settings; the model's own probabilities stay. */
  setSampling(change: Partial<Predictions['sampling']>): void {
    this.sampling = { ...this.sampling, ...change };
    if (this.asked) {
      void this.ask(this.asked.runId, this.asked.position);
    }
    this.changed();
  }

  async ask(runId: number, position: number): Promise<void> {
    const asked = { runId, position };
    this.asked = asked;
    // Numbers of the same token stay until the new ones are there, so that a slider does not flicker.
    if (this.state.kind !== 'ready' || this.state.prediction.position !== position) {
      this.state = { kind: 'asked', position };
      this.changed();
    }
    try {
      const prediction = await this.views.predict(runId, position, this.sampling);
      if (this.asked === asked) {
        this.state = { kind: 'ready', prediction };
        this.changed();
      }
    } catch (error) {
      if (this.asked === asked && !isScopeError(error, 'cancelled')) {
        this.state = { kind: 'failed', position, detail: toScopeError(error).detail };
        this.changed();
      }
    }
  }
}
