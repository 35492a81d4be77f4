import type { Transport } from '../protocol/rpc';

/** The child's end of a `child_process.fork` channel with advanced serialisation. */
export function processTransport(): Transport {
  return {
    send(message) {
      if (!process.connected || !process.send) {
        throw new Error('The extension host is gone.');
      }
      process.send(message);
    },
    onMessage(listener) {
      process.on('message', listener);
      return { dispose: () => process.off('message', listener) };
    },
  };
}
