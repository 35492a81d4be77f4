import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { makeThumbnails } from '../../src/attention/thumbnails';
import { selfCheck } from '../../src/attention/selfCheck';
import { makeFeeds } from '../../src/inference/feeds';
import { readGraphFile } from '../../src/inference/modelFolder';
import { type RuntimeKind, configureRuntime, createSession } from '../../src/inference/runtime';
import { tapModel } from '../../src/onnx/tapModel';
import type { ForwardCase, ForwardFigures, ForwardRow } from './cases';
import { graphName } from './makeModel';
import { alternate } from './median';
import { loadForward, textInputs } from './transformersJs';

/**
 * One runtime, one model, in a process of its own: the plain pass, the pass with all attention read out,
 * and for native code the same file through `onnxruntime-node` called directly and transformers.js.
 * Argument: a case as JSON. Prints one JSON line.
 */
async function main(): Promise<void> {
  const { runtime, folder, precision, threads, rounds, lengths } = JSON.parse(
    process.argv[2] ?? '',
  ) as ForwardCase;
  const graph = join(folder, graphName(precision));
  await configure(runtime, threads);
  const beginning = performance.now();
  const file = await readGraphFile(folder, [graphName(precision)]);
  const preparing = performance.now();
  const tapped = tapModel(file.bytes, file.length);
  const creating = performance.now();
  const session = await createSession(tapped.bytes);
  const created = performance.now();
  const plain = await createSession(readFileSync(graph));
  const native = runtime === 'native';
  const direct = native ? await directSession(graph, threads) : undefined;
  const call = native ? await loadForward(folder, precision, threads) : undefined;
  const names = tapped.blocks.map((block) => block.probabilities);
  const rows: ForwardRow[] = [];
  for (const tokens of lengths) {
    const ids = Array.from({ length: tokens }, (_, index) => 5 + ((index * 37) % 7000));
    const feeds = makeFeeds(tapped.graph.inputs, ids);
    const jobs = new Map<string, () => Promise<unknown>>([
      ['plain', () => plain.run(feeds, ['last_hidden_state'])],
      ['tapped', () => session.run(feeds, ['last_hidden_state', ...names])],
    ]);
    if (direct && call) {
      const tensors = Object.fromEntries(
        [...feeds].map(([name, { data, dims }]) => [name, new ort.Tensor('int64', data, dims)]),
      );
      const inputs = textInputs(ids);
      jobs.set('direct', () => direct.run(tensors, ['last_hidden_state']));
      jobs.set('transformersJs', () => call(inputs));
    }
    const forward = await alternate(jobs, rounds);
    const outputs = await session.run(feeds, names);
    const layers = names.map((name) => {
      const { dims, data } = outputs.get(name)!;
      return { numHeads: dims[1] ?? 1, numTokens: tokens, data };
    });
    const drawing = new Map([
      ['picture', () => Promise.resolve([selfCheck(layers), makeThumbnails(layers)])],
    ]);
    const { plain: whole = NaN, tapped: all = NaN, ...others } = forward;
    const { picture = NaN } = await alternate(drawing, rounds);
    rows.push({ tokens, plain: whole, tapped: all, picture, ...others });
  }
  const figures: ForwardFigures = {
    readMilliseconds: preparing - beginning,
    prepareMilliseconds: creating - preparing,
    createMilliseconds: created - creating,
    rows,
  };
  console.log(JSON.stringify(figures));
  process.exit(0);
}

async function configure(kind: RuntimeKind, numThreads: number): Promise<void> {
  await configureRuntime({ kind, wasmFolder: dirname(require.resolve('onnxruntime-web')), numThreads });
}

function directSession(graph: string, threads: number): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(graph, {
    ...{ executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1 },
    ...{ graphOptimizationLevel: 'all', logSeverityLevel: 3 },
  });
}

void main();
