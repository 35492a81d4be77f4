import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFeeds } from '../../src/inference/feeds';
import { readGraphFile } from '../../src/inference/modelFolder';
import { type RuntimeKind, configureRuntime, createSession } from '../../src/inference/runtime';
import { tapModel } from '../../src/onnx/tapModel';

/**
 * One runtime, one model, in a process of its own: the plain forward pass against the pass with all
 * attention probabilities, alternating, medians. The plain session is ONNX Runtime called directly.
 * Prints one JSON line. Arguments: runtime, model folder, threads, runs, lengths (comma separated).
 */
async function main(): Promise<void> {
  const [kind, folder = '', threads, runs, lengths = ''] = process.argv.slice(2);
  const numThreads = Number(threads);
  await configureRuntime({
    kind: kind as RuntimeKind,
    wasmFolder: dirname(require.resolve('onnxruntime-web')),
    numThreads,
  });
  const plain = await createSession(readFileSync(join(folder, 'onnx', 'model.onnx')));
  const reading = performance.now();
  const file = await readGraphFile(folder);
  const preparing = performance.now();
  const tapped = tapModel(file.bytes, file.length);
  const creating = performance.now();
  const session = await createSession(tapped.bytes);
  const created = performance.now();
  const names = tapped.blocks.map((block) => block.probabilities);
  const forward = [];
  for (const length of lengths.split(',').map(Number)) {
    const ids = Array.from({ length }, (_, index) => 5 + ((index * 37) % 7000));
    const feeds = makeFeeds(tapped.graph.inputs, ids);
    const times = { plain: [] as number[], tapped: [] as number[] };
    for (let run = 0; run <= Number(runs); run++) {
      const begin = performance.now();
      await plain.run(feeds, ['last_hidden_state']);
      const middle = performance.now();
      await session.run(feeds, ['last_hidden_state', ...names]);
      const end = performance.now();
      if (run > 0) {
        times.plain.push(middle - begin);
        times.tapped.push(end - middle);
      }
    }
    forward.push({ tokens: length, plain: median(times.plain), tapped: median(times.tapped) });
  }
  console.log(
    JSON.stringify({
      readMilliseconds: preparing - reading,
      prepareMilliseconds: creating - preparing,
      createMilliseconds: created - creating,
      residentMegabytes: process.memoryUsage.rss() / 1e6,
      forward,
    }),
  );
  process.exit(0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

void main();
