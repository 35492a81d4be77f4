import type { Transport } from '../../src/protocol/rpc';

/** Two ends wired back to back through structured clone, as a process or a webview would. */
export function wirePair(): [Transport, Transport] {
  const listeners: ((message: unknown) => void)[] = [];
  const end = (own: number, other: number): Transport => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setImmediate(() => listeners[other]?.(copy));
    },
    onMessage: (listener) => {
      listeners[own] = listener;
      return { dispose: () => undefined };
    },
  });
  return [end(0, 1), end(1, 0)];
}
