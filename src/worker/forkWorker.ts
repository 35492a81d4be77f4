import { fork } from 'node:child_process';
import { keptMemory } from './allocator';
import type { WorkerHandle } from './client';

export interface ForkOptions {
  /** The bundled `worker.js`. */
  readonly script: string;
  /** 0 = as many as make sense. */
  readonly numThreads: number;
  readonly runtime: 'auto' | 'native' | 'wasm';
  /** Which weights are taken where a model has several. */
  readonly precision: 'int8' | 'fp32';
  /** Graph megabytes (1e6 bytes) of the models that stay loaded. */
  readonly modelMegabytes: number;
  /** What the process prints, for the log. */
  readonly onOutput: (text: string) => void;
}

/** Starts the inference process on the desktop, apart from the extension host: its faults stay its own. */
export function forkWorker(options: ForkOptions): WorkerHandle {
  const child = fork(options.script, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...keptMemory,
      ...process.env,
      // In the desktop's extension host `process.execPath` is Electron.
      ELECTRON_RUN_AS_NODE: '1',
      TRANSFORMER_SCOPE_THREADS: String(options.numThreads),
      TRANSFORMER_SCOPE_RUNTIME: options.runtime,
      TRANSFORMER_SCOPE_PRECISION: options.precision,
      TRANSFORMER_SCOPE_MODEL_MEGABYTES: String(options.modelMegabytes),
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => options.onOutput(text.trimEnd()));
  }
  return {
    processId: child.pid,
    transport: {
      send: (message) => {
        if (!child.connected) {
          throw new Error('The inference process is gone.');
        }
        child.send(message as object);
      },
      onMessage: (listener) => {
        child.on('message', listener);
        return { dispose: () => child.off('message', listener) };
      },
    },
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (!told) {
          told = true;
          listener(reason);
        }
      };
      child.on('error', (error) => tell(error.message));
      child.on('exit', (code, signal) => tell(signal ?? `exit code ${code ?? 'unknown'}`));
    },
    kill: () => child.kill('SIGKILL'),
  };
}
