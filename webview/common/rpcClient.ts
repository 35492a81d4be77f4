import { type Transport, createRpc } from '../../src/protocol/rpc';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import type { VsCodeApi } from './vscodeApi';

/** The page's end of the wire to the extension host. */
export function connectToHost(api: VsCodeApi): MessageConnection {
  const transport: Transport = {
    send: (message) => {
      api.postMessage(message);
    },
    onMessage: (listener) => {
      const onMessage = (event: MessageEvent<unknown>): void => {
        listener(event.data);
      };
      window.addEventListener('message', onMessage);
      return {
        dispose: () => {
          window.removeEventListener('message', onMessage);
        },
      };
    },
  };
  return createRpc(transport);
}
