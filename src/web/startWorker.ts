import * as vscode from 'vscode';
import { toScopeError } from '../protocol/errors';
import { answer, createRpc } from '../protocol/rpc';
import type { WorkerHandle } from '../worker/client';
import type { BundledFiles } from './bundledFiles';
import {
  ReadBuiltFile,
  ReadModelFile,
  SizeOfModelFile,
  type Start,
  type StartTraining,
  portTransport,
} from './wire';

/** What a worker is told first, and what of it changes hands. */
interface First<T> {
  readonly message: T;
  readonly transfer: Transferable[];
}

/** Starts the inference worker in the browser. */
export function startInference(
  extensionUri: vscode.Uri,
  files: BundledFiles,
  options: Pick<Start, 'precision' | 'maxBytes'>,
): WorkerHandle {
  const reading = new MessageChannel();
  const answers = createRpc(portTransport(reading.port1));
  answer(answers, SizeOfModelFile, async ({ folder, name }) => (await files.size(folder, name)) ?? null);
  answer(answers, ReadModelFile, async ({ folder, name }) => {
    const bytes = await files.read(folder, name);
    return bytes ? { bytes } : null;
  });
  answer(answers, ReadBuiltFile, async ({ name }) => ({ bytes: await readBuilt(extensionUri, name) }));
  answers.listen();
  const first = async (wire: MessagePort): Promise<First<Start>> => {
    const wasm = (await readBuilt(extensionUri, 'ort-wasm-simd-threaded.wasm')).slice().buffer;
    return {
      message: { ...options, wire, files: reading.port2, wasm },
      transfer: [wire, reading.port2, wasm],
    };
  };
  return startWorker(extensionUri, 'worker.js', first, () => {
    answers.dispose();
    reading.port1.close();
  });
}

/** Starts the worker that trains. */
export function startTraining(extensionUri: vscode.Uri): WorkerHandle {
  const first = (wire: MessagePort): Promise<First<StartTraining>> =>
    Promise.resolve({ message: { wire }, transfer: [wire] });
  return startWorker(extensionUri, 'trainer.js', first);
}

/**
 * Starts a worker from a script that is read as a file of the extension, for a worker may only be made of what has the
 * page's own origin. Until it is there, messages wait in the channel.
 */
function startWorker<T>(
  extensionUri: vscode.Uri,
  script: string,
  first: (wire: MessagePort) => Promise<First<T>>,
  ended: () => void = () => undefined,
): WorkerHandle {
  const wire = new MessageChannel();
  let worker: Worker | undefined;
  let address: string | undefined;
  let hasEnded = false;
  let tell: (reason: string) => void = () => undefined;
  const end = (reason: string): void => {
    if (!hasEnded) {
      hasEnded = true;
      worker?.terminate();
      wire.port1.close();
      if (address !== undefined) {
        URL.revokeObjectURL(address);
      }
      ended();
      tell(reason);
    }
  };
  const start = async (): Promise<void> => {
    const [source, { message, transfer }] = await Promise.all([
      readBuilt(extensionUri, 'web', script),
      first(wire.port2),
    ]);
    if (!hasEnded) {
      address = URL.createObjectURL(new Blob([source as BlobPart], { type: 'text/javascript' }));
      worker = new Worker(address, { name: 'transformer-scope' });
      worker.onerror = (event) => end(event.message || 'the worker failed');
      worker.postMessage(message, transfer);
    }
  };
  start().catch((error: unknown) => end(toScopeError(error).message));
  return {
    processId: undefined,
    transport: portTransport(wire.port1),
    onExit: (listener) => {
      tell = listener;
    },
    kill: () => end('stopped'),
  };
}

function readBuilt(extensionUri: vscode.Uri, ...path: string[]): Thenable<Uint8Array> {
  return vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', ...path));
}
