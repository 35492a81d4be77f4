/**
 * What sends messages, with the timers of Node that it takes; loaded with the first page or process. In the browser
 * `src/web/rpcRuntime.ts` stands in for this file.
 */
import 'vscode-jsonrpc/node';
export { ask, createRpc } from '../protocol/rpc';
