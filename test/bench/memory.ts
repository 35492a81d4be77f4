import { dirname } from 'node:path';
import { makeFeeds } from '../../src/inference/feeds';
import { readGraphFile } from '../../src/inference/modelFolder';
import { configureRuntime, createSession } from '../../src/inference/runtime';
import { parseModel } from '../../src/onnx/parse';
import { tapModel } from '../../src/onnx/tapModel';
import type { MemoryCase, MemoryFigures } from './cases';
import { graphName } from './makeModel';

/** Loads one model, runs it three times and prints the most memory that the process ever had, and has then, in MB (1e6). */
async function main(): Promise<void> {
  const { runtime, folder, precision, threads, tokens, tap } = JSON.parse(
    process.argv[2] ?? '',
  ) as MemoryCase;
  await configureRuntime({
    kind: runtime,
    wasmFolder: dirname(require.resolve('onnxruntime-web')),
    numThreads: threads,
  });
  const file = await readGraphFile(folder, [graphName(precision)]);
  const bytes = file.bytes.subarray(0, file.length);
  const { inputs } = parseModel(bytes);
  const tapped = tap ? tapModel(file.bytes, file.length) : undefined;
  const session = await createSession(tapped?.bytes ?? bytes);
  const names = tapped?.blocks.map((block) => block.probabilities) ?? [];
  const ids = Array.from({ length: tokens }, (_, index) => 5 + index);
  for (let run = 0; run < 3; run++) {
    await session.run(makeFeeds(inputs, ids), ['last_hidden_state', ...names]);
  }
  // Node gives kibibytes on every platform.
  const figures: MemoryFigures = {
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
    residentMegabytes: process.memoryUsage.rss() / 1e6,
  };
  console.log(JSON.stringify(figures));
  process.exit(0);
}

void main();
