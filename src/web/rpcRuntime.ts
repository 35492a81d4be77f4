/** Stands in for `src/host/rpcRuntime.ts` in the browser, with the browser's timers. */
import 'vscode-jsonrpc/browser';
export { ask, createRpc } from '../protocol/rpc';
