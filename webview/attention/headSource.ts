import type { HeadIndex } from '../../src/attention/combineHeads';
import type { CombinedRequest } from '../../src/protocol/attention';
import { PageHead } from '../../src/protocol/attentionPage';
import { CancellationTokenSource, type MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import { ScopeError } from '../../src/protocol/errors';
import { Combine } from '../../src/protocol/worker';
import { Lru } from '../common/lru';
import type { Stack } from '../../src/attention/stack';

/** Weights that a page can ask for: of one head, or of several together. */
export type WeightsRequest =
  | { readonly runId: number; readonly how: 'head'; readonly layer: number; readonly head: number }
  | {
      readonly runId: number;
      readonly how: CombinedRequest['how'];
      readonly heads: readonly HeadIndex[];
    };

/** Fetches weights one picture at a time; going back to a recent one costs nothing. */
export class HeadSource {
  private readonly recent = new Lru<string, Float32Array>(48);
  private pending: CancellationTokenSource | null = null;

  constructor(private readonly connection: MessageConnection) {}

  cached(request: WeightsRequest): Float32Array | undefined {
    return this.recent.get(keyOf(request));
  }

  /**
   * @param shape how many queries and keys there are
   * @returns `[queries, keys]`
   * @throws {ScopeError} `cancelled` when other weights are asked for before these came.
   */
  async fetch(request: WeightsRequest, shape: Pick<Stack, 'queries' | 'keys'>): Promise<Float32Array> {
    this.pending?.cancel();
    const source = new CancellationTokenSource();
    this.pending = source;
    const { runId } = request;
    const { weights } = await (request.how === 'head'
      ? ask(this.connection, PageHead, { runId, layer: request.layer, head: request.head }, source.token)
      : ask(this.connection, Combine, { runId, how: request.how, heads: request.heads }, source.token));
    if (source.token.isCancellationRequested) {
      throw new ScopeError('cancelled');
    }
    const cells = (shape.queries.end - shape.queries.start) * (shape.keys.end - shape.keys.start);
    if (!(weights instanceof ArrayBuffer) || weights.byteLength !== cells * 4) {
      throw new ScopeError('internal', `weights of ${weights.byteLength} bytes for ${cells} cells`);
    }
    const matrix = new Float32Array(weights);
    this.recent.set(keyOf(request), matrix);
    return matrix;
  }
}

function keyOf(request: WeightsRequest): string {
  return JSON.stringify(request);
}
