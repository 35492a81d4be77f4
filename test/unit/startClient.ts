import 'vscode-jsonrpc/node';
import { join } from 'node:path';
import type { RuntimeKind } from '../../src/inference/runtime';
import type { Phase } from '../../src/protocol/worker';
import { type ClientEvents, type ClientOptions, InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';

/** A client of the bundled inference process, as the extension starts it; the test disposes of it. */
export function startClient(
  runtime: RuntimeKind,
  onPhase: (phase: Phase) => void = () => undefined,
  events: Partial<ClientEvents> = {},
  options: ClientOptions = {},
): InferenceClient {
  return new InferenceClient(
    () =>
      forkWorker({
        script: join(__dirname, '..', '..', 'dist', 'worker.js'),
        numThreads: 1,
        runtime,
        precision: 'fp32',
        modelMegabytes: 1000,
        onOutput: () => undefined,
      }),
    { phase: (_, phase) => onPhase(phase), log: () => undefined, ...events },
    options,
  );
}
