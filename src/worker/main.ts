import 'vscode-jsonrpc/node';
import { availableParallelism } from 'node:os';
import { type RuntimeKind, configureRuntime } from '../inference/runtime';
import { ScopeError } from '../protocol/errors';
import { answer, createRpc } from '../protocol/rpc';
import { Attend, Head, type Phase, PhaseChanged, Release } from '../protocol/worker';
import type { Precision } from '../inference/modelFolder';
import { AttentionService } from './attentionService';
import { JobQueue } from './jobQueue';
import { answerLanguage } from './languageService';
import { WorkerModels } from './models';
import { processTransport } from './processTransport';

/** Entry of the inference process: maps messages onto the service, nothing else. */

const asked = Number(process.env['TRANSFORMER_SCOPE_THREADS'] ?? 0);
// More than four threads gain nothing at these sizes and take the editor's cores.
const numThreads = asked > 0 ? asked : Math.min(4, availableParallelism());
const runtime = configureRuntime({
  kind: (process.env['TRANSFORMER_SCOPE_RUNTIME'] ?? 'auto') as RuntimeKind | 'auto',
  wasmFolder: __dirname,
  numThreads,
  log: console.warn,
});

const connection = createRpc(processTransport());
const queue = new JobQueue();
const tellPhase = (owner: string, phase: Phase): void => {
  void connection.sendNotification(PhaseChanged, { owner, phase });
};
const models = new WorkerModels(
  runtime,
  {
    numThreads,
    maxBytes: Number(process.env['TRANSFORMER_SCOPE_MODEL_MEGABYTES'] ?? 1000) * 1e6,
    precision: (process.env['TRANSFORMER_SCOPE_PRECISION'] ?? 'int8') as Precision,
  },
  tellPhase,
);
const service = new AttentionService(models, tellPhase);

answer(connection, Attend, (params, token) =>
  queue.run(params.owner, () => {
    if (token.isCancellationRequested) {
      return Promise.reject(new ScopeError('cancelled'));
    }
    return service.attend(params, token);
  }),
);
answer(connection, Head, (request) => service.head(request));
answerLanguage(connection, queue, models);
connection.onNotification(Release, ({ owner }) => service.release(owner));
connection.listen();

// The host is gone: nobody would ever stop this process.
process.on('disconnect', () => process.exit(0));
