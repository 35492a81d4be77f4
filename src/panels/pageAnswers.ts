import type { ErrorData } from '../protocol/errors';
import type {
  CancellationToken,
  Disposable,
  MessageConnection,
  NotificationType,
  RequestType,
} from '../protocol/jsonrpc';
import { answer } from '../protocol/rpc';

/** Answers a request of a page, whose parameters are first read as what they should be (`pageShapes.ts`). */
export function answerPage<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, ErrorData>,
  handle: (params: P, token: CancellationToken) => Promise<R> | R,
): Disposable {
  return answer(connection, type, async (params, token) => handle(await read(type.method, params), token));
}

/** The same for what a page only tells; what does not fit is left aside, since nobody waits for an answer. */
export function hearPage<P>(
  connection: MessageConnection,
  type: NotificationType<P>,
  handle: (params: P) => void,
): Disposable {
  return connection.onNotification(type.method, (params: unknown) => {
    read<P>(type.method, params).then(handle, () => undefined);
  });
}

/** @throws {ScopeError} `badRequest` */
async function read<P>(method: string, params: unknown): Promise<P> {
  // Loaded with the first page. Every message waits for it alike, so that none overtakes another.
  const { readParams } = await import('./pageShapes');
  return readParams<P>(method, params);
}
