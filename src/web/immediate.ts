/**
 * Node's `setImmediate` in a worker of the browser: a message to itself stands in line behind those that came before,
 * and is not held back for milliseconds as a timer is.
 */
const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

const later = (callback: () => void): void => {
  waiting.push(callback);
  port2.postMessage(undefined);
};
Object.assign(globalThis, { setImmediate: later });
