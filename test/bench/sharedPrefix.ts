import { dirname } from 'node:path';
import { generate } from '../../src/inference/generation';
import { LanguageModel } from '../../src/inference/languageModel';
import { configureRuntime } from '../../src/inference/runtime';
import type { SharingCase, SharingFigures } from './cases';
import { alternate } from './median';

/** A few-shot study's prompts, which begin alike: read from where they differ, against each from its first word. */
async function main(): Promise<void> {
  const { folder, graph, threads, rounds, newTokens, numExamples } = JSON.parse(
    process.argv[2] ?? '',
  ) as SharingCase;
  await configureRuntime({
    kind: 'native',
    wasmFolder: dirname(require.resolve('onnxruntime-web')),
    numThreads: threads,
  });
  const model = await LanguageModel.load(folder, [graph]);
  const examples = Array.from(
    { length: numExamples },
    (_, index) => `Input: The soup number ${index} was not as warm as it should be.\nOutput: negative\n`,
  ).join('');
  const prompts = Array.from(
    { length: 8 },
    (_, index) => `${examples}Input: The bread of day ${index} was good.\nOutput:`,
  );
  let tokens = 0;
  let reused = 0;
  const run = (sharedPrefix: number) => async (): Promise<void> => {
    reused = tokens = 0;
    for (const prompt of prompts) {
      const options = { maxNewTokens: newTokens, temperature: 0, sharedPrefix };
      const found = await generate(model, prompt, options);
      tokens += found.numPromptTokens;
      reused += found.numReusedTokens ?? 0;
    }
  };
  const times = await alternate(
    new Map([
      ['apart', run(0)],
      ['shared', run(examples.length)],
    ]),
    rounds,
  );
  await run(examples.length)();
  const figures: SharingFigures = {
    promptTokens: tokens / prompts.length,
    reusedTokens: reused / prompts.length,
    apart: (times['apart'] ?? NaN) / prompts.length,
    shared: (times['shared'] ?? NaN) / prompts.length,
  };
  console.log(JSON.stringify(figures));
  process.exit(0);
}

void main();
