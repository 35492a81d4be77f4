import 'vscode-jsonrpc/node';
import { availableParallelism } from 'node:os';
import { type RuntimeKind, configureRuntime } from '../inference/runtime';
import { createRpc } from '../protocol/rpc';
import { type Phase, PhaseChanged, Release } from '../protocol/worker';
import type { Precision } from '../inference/modelFolder';
import { answerAttention } from './attentionService';
import { answerExpressions } from './expressionService';
import { JobQueue } from './jobQueue';
import { answerLanguage } from './languageService';
import { answerLoaded } from './loadedService';
import { answerMeasures } from './measureService';
import { answerSeq2Seq } from './seq2seqService';
import { answerSpeech } from './speechService';
import { answerTexts } from './textService';
import { answerVision } from './visionService';
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
const releases = [
  answerAttention(connection, queue, models, tellPhase),
  answerSeq2Seq(connection, queue, models),
  answerSpeech(connection, queue, models),
];
answerLanguage(connection, queue, models);
answerTexts(connection, queue, models);
answerMeasures(connection, queue, models);
answerVision(connection, queue, models);
answerLoaded(connection, queue, models);
answerExpressions(connection);
connection.onNotification(Release, ({ owner }) => releases.forEach((release) => release(owner)));
connection.listen();

// The host is gone: nobody would ever stop this process.
process.on('disconnect', () => process.exit(0));
