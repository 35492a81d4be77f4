import type { AttentionRun } from '../../src/protocol/attention';
import { Lru } from '../common/lru';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Weights of single heads, asked for when they are looked at. */
export class HeadWeightsSource {
  private readonly cache = new Lru<string, Float32Array>(24);
  private readonly asked = new Map<string, 'loading' | 'failed'>();

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  get(run: AttentionRun, layer: number, head: number): Float32Array | 'loading' | 'failed' {
    const key = `${run.runId}/${layer}/${head}`;
    const found = this.cache.get(key) ?? this.asked.get(key);
    if (found !== undefined) {
      return found;
    }
    this.asked.set(key, 'loading');
    void this.verbs.head({ runId: run.runId, layer, head }).then((weights) => {
      if (weights) {
        this.cache.set(key, weights);
        this.asked.delete(key);
      } else {
        this.asked.set(key, 'failed');
      }
      this.store.changed();
    });
    return 'loading';
  }

  /** Lets what could not be had be asked for again. */
  retry(): void {
    this.asked.clear();
    this.store.changed();
  }
}
