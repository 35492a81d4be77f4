import 'vscode-jsonrpc/browser';
import './immediate';
import { configureRuntime } from '../inference/runtime';
import { ask, createRpc } from '../protocol/rpc';
import { answerAll } from '../worker/services';
import { readFilesBy } from './modelFiles';
import { ReadBuiltFile, type Start, portTransport } from './wire';

/** Entry of the inference worker in the browser: maps messages onto the services, nothing else. */

// More threads share memory, which a page must be isolated for; a worker from a blob cannot have them even then.
const numThreads = 1;

self.onmessage = ({ data }: MessageEvent<Start>) => {
  self.onmessage = null;
  const files = createRpc(portTransport(data.files));
  files.listen();
  readFilesBy(files);
  const runtime = configureRuntime({ kind: 'wasm', wasmBytes: data.wasm, numThreads });
  const options = { numThreads, maxBytes: data.maxBytes, precision: data.precision };
  answerAll(portTransport(data.wire), runtime, options, {
    residentBytes: () => 0,
    readBuilt: async (name) => (await ask(files, ReadBuiltFile, { name })).bytes,
  });
};
