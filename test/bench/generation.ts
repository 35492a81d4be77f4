import { dirname } from 'node:path';
import { generate } from '../../src/inference/generation';
import { LanguageModel } from '../../src/inference/languageModel';
import { configureRuntime } from '../../src/inference/runtime';
import type { GenerationCase } from './cases';
import { graphName } from './makeModel';
import { alternate } from './median';
import { loadGenerator } from './transformersJs';

/** Greedy text with a key-value cache, ours against transformers.js over the same runtime and file. */
async function main(): Promise<void> {
  const { folder, precision, threads, rounds, newTokens } = JSON.parse(
    process.argv[2] ?? '',
  ) as GenerationCase;
  await configureRuntime({
    kind: 'native',
    wasmFolder: dirname(require.resolve('onnxruntime-web')),
    numThreads: threads,
  });
  const ours = await LanguageModel.load(folder, [graphName(precision)]);
  const theirs = await loadGenerator(folder, precision, threads);
  const prompt = 'The cat sat on the mat because it was warm and the sun was shining on the house.';
  // As ours does: without the end token that a BERT tokenizer puts behind the text.
  const ids = ours.tokenizer
    .tokenize(prompt, 512)
    .tokens.map((token) => token.id)
    .slice(0, -1);
  let [wrote, expected]: number[][] = [[], []];
  const times = await alternate(
    new Map([
      [
        'ours',
        async () => {
          const options = { maxNewTokens: newTokens, temperature: 0 };
          wrote = (await generate(ours, prompt, options)).tokens.map((token) => token.id);
        },
      ],
      ['theirs', async () => void (expected = await theirs(ids, newTokens))],
    ]),
    rounds,
  );
  console.log(
    JSON.stringify({
      ours: (1000 * newTokens) / (times['ours'] ?? NaN),
      transformersJs: (1000 * newTokens) / (times['theirs'] ?? NaN),
      sameTokens: wrote?.length === newTokens && wrote.every((id, index) => id === expected?.[index]),
    }),
  );
  process.exit(0);
}

void main();
