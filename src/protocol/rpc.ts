import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type CancellationToken,
  type DataCallback,
  type Disposable,
  ErrorCodes,
  type Message,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
  type RequestType,
  ResponseError,
  createMessageConnection,
} from './jsonrpc';
import { type ErrorData, ScopeError, toScopeError } from './errors';

/** A pair of ends that carry structured-clone-safe messages: a process, a worker or a webview. */
export interface Transport {
  /** Hands one message over; throws when the other end is gone. */
  send(message: unknown): void;
  /** Starts delivery; called once. */
  onMessage(listener: (message: unknown) => void): Disposable;
}

/**
 * JSON-RPC 2.0 over a transport. Unlike the stream readers of `vscode-jsonrpc`, messages stay
 * objects, so that structured clone carries `ArrayBuffer`s without encoding them.
 */
export function createRpc(transport: Transport): MessageConnection {
  return createMessageConnection(new TransportReader(transport), new TransportWriter(transport));
}

class TransportReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly transport: Transport) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    return this.transport.onMessage((message) => {
      if (isJsonRpc(message)) {
        callback(message);
      }
    });
  }
}

class TransportWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly transport: Transport) {
    super();
  }

  write(message: Message): Promise<void> {
    try {
      this.transport.send(message);
      return Promise.resolve();
    } catch (error) {
      this.fireError(error instanceof Error ? error : new Error(String(error)), message, 1);
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  end(): void {
    // The transport belongs to whoever made it.
  }
}

function isJsonRpc(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'jsonrpc' in message && message.jsonrpc === '2.0';
}

/** Registers `handler` so that anything it throws reaches the caller as a coded error. */
export function answer<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, ErrorData>,
  handler: (params: P, token: CancellationToken) => Promise<R> | R,
): Disposable {
  return connection.onRequest(type.method, async (...given: unknown[]) => {
    // The library spreads a list, and leaves out what is not there: only the last argument is sure to be the token.
    const token = given.at(-1) as CancellationToken;
    const params = given.length === 2 ? given[0] : given.length > 2 ? given.slice(0, -1) : undefined;
    try {
      return await handler(params as P, token);
    } catch (error) {
      const failure = toScopeError(error);
      const code = failure.code === 'cancelled' ? requestCancelled : ErrorCodes.InternalError;
      return new ResponseError<ErrorData>(code, failure.message, failure.toData());
    }
  });
}

/** Sends a request; rejects with a {@link ScopeError} whatever goes wrong. */
export async function ask<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, ErrorData>,
  params: P,
  token?: CancellationToken,
): Promise<R> {
  try {
    // By method name: the typed overloads compute conditional types, which a generic cannot.
    return await (token
      ? connection.sendRequest<R>(type.method, params, token)
      : connection.sendRequest<R>(type.method, params));
  } catch (error) {
    if (error instanceof ResponseError) {
      const data = error.data as ErrorData | undefined;
      if (data?.code !== undefined) {
        throw new ScopeError(data.code, data.detail, { cause: error });
      }
    }
    throw toScopeError(error);
  }
}

/** The Language Server Protocol's code for a request that its sender cancelled. */
const requestCancelled = -32800;
