/**
 * The platform-neutral part of `vscode-jsonrpc`, named in one place. An entry point (extension,
 * worker, page) must import `vscode-jsonrpc/node` or `/browser` first: they install the timers.
 */
export {
  AbstractMessageReader,
  AbstractMessageWriter,
  type CancellationToken,
  CancellationTokenSource,
  type DataCallback,
  type Disposable,
  ErrorCodes,
  type Message,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
  NotificationType,
  RequestType,
  ResponseError,
  createMessageConnection,
} from 'vscode-jsonrpc';
