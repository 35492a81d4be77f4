import { join } from 'node:path';
import { type SharingFigures, type WorkbenchFigures, inChild } from './cases';
import { gpt2Small, graphName, makeModel } from './makeModel';
import type { Plan } from './plan';
import { printTable } from './table';
import type { Target } from './targets';

const numCells = 10_000;

/** What runs of the prompt workbench gain by shared beginnings, and what the workbench costs beside the models. */
export function benchWorkbench(root: string, folder: string, plan: Plan, targets: Target[]): object {
  const common = { threads: plan.threads, rounds: plan.quick ? 3 : 7, newTokens: 4 };
  makeModel({ ...gpt2Small, generates: true }, folder, plan.bundled, 'int8');
  const bundled = join(root, 'models', 'scope-gpt-instruct');
  const models = [
    { name: 'scope-gpt-instruct', folder: bundled, graph: 'onnx/model_quantized.onnx' },
    { name: `${gpt2Small.name}, int8`, folder, graph: graphName('int8') },
  ];
  const sharing = models.flatMap(({ name, ...model }) =>
    [3, 8].map((numExamples) => ({
      name: `${name}, ${numExamples} examples`,
      ...inChild<SharingFigures>('sharedPrefix.ts', { ...common, ...model, numExamples }),
    })),
  );
  printTable(
    `Few-shot prompts that begin alike, ${common.newTokens} new tokens, native, milliseconds an answer`,
    ['', 'prompt tokens', 'of them kept', 'read anew', 'kept', 'ratio'],
    sharing.map(({ name, promptTokens, reusedTokens, apart, shared }) => [
      ...[name, promptTokens, reusedTokens, apart, shared, (apart / shared).toFixed(2)],
    ]),
  );
  for (const { name, apart, shared } of sharing) {
    targets.push({
      ...{ name: `read anew / kept, ${name}`, limit: 1, bound: 'least' },
      figure: apart / shared,
    });
  }
  const workbench = inChild<WorkbenchFigures>('workbench.ts', {
    ...{ root, numCells, rounds: plan.quick ? 3 : 9 },
    numItems: plan.quick ? 20 : 60,
  });
  printTable(
    'The prompt workbench itself, in milliseconds',
    ['', 'around an answer', `${numCells} answers opened`, 'summed up anew'],
    [['', workbench.overhead, workbench.opening, workbench.update]],
  );
  targets.push(
    { name: 'around an answer, ms', limit: 2, bound: 'most', figure: workbench.overhead },
    { name: `${numCells} answers opened, ms`, limit: 1000, bound: 'most', figure: workbench.opening },
  );
  return { sharing, workbench };
}
