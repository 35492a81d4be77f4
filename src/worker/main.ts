import 'vscode-jsonrpc/node';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type RuntimeKind, configureRuntime } from '../inference/runtime';
import { processTransport } from './processTransport';
import { answerAll } from './services';
import type { Precision } from '../protocol/model';

/** Entry of the inference process: maps messages onto the services, nothing else. */

const asked = Number(process.env['TRANSFORMER_SCOPE_THREADS'] ?? 0);
// More than four threads gain nothing at these sizes and take the editor's cores.
const numThreads = asked > 0 ? asked : Math.min(4, availableParallelism());
const runtime = configureRuntime({
  kind: (process.env['TRANSFORMER_SCOPE_RUNTIME'] ?? 'auto') as RuntimeKind | 'auto',
  wasmFolder: __dirname,
  numThreads,
  log: console.warn,
});

answerAll(
  processTransport(),
  runtime,
  {
    numThreads,
    maxBytes: Number(process.env['TRANSFORMER_SCOPE_MODEL_MEGABYTES'] ?? 1000) * 1e6,
    precision: (process.env['TRANSFORMER_SCOPE_PRECISION'] ?? 'int8') as Precision,
  },
  {
    residentBytes: () => process.memoryUsage.rss(),
    readBuilt: (name) => readFile(join(__dirname, name)),
  },
);

// The host is gone: nobody would ever stop this process.
process.on('disconnect', () => process.exit(0));
