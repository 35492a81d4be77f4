import { type HeadRequest } from '../../src/protocol/attention';
import { PageHead } from '../../src/protocol/attentionPage';
import { CancellationTokenSource, type MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import { ScopeError } from '../../src/protocol/errors';
import { Lru } from '../common/lru';
import { HeadMatrix } from './headMatrix';

/** Fetches heads one at a time; going back to a recent one costs nothing. */
export class HeadSource {
  private readonly recent = new Lru<string, HeadMatrix>(48);
  private runId = -1;
  private pending: CancellationTokenSource | null = null;

  constructor(private readonly connection: MessageConnection) {}

  cached(request: HeadRequest): HeadMatrix | undefined {
    return request.runId === this.runId ? this.recent.get(keyOf(request)) : undefined;
  }

  /** Rejects with `cancelled` when another head is asked for before this one came. */
  async fetch(request: HeadRequest, size: number): Promise<HeadMatrix> {
    if (request.runId !== this.runId) {
      this.recent.clear();
      this.runId = request.runId;
    }
    this.pending?.cancel();
    const source = new CancellationTokenSource();
    this.pending = source;
    const { weights } = await ask(this.connection, PageHead, request, source.token);
    if (source.token.isCancellationRequested) {
      throw new ScopeError('cancelled');
    }
    if (!(weights instanceof ArrayBuffer) || weights.byteLength !== size * size * 4) {
      throw new ScopeError('internal', `head of ${weights.byteLength} bytes for ${size} tokens`);
    }
    const matrix = new HeadMatrix(size, new Float32Array(weights));
    this.recent.set(keyOf(request), matrix);
    return matrix;
  }
}

function keyOf(request: HeadRequest): string {
  return `${request.layer}/${request.head}`;
}
