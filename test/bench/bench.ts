import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GenerationFigures, type MemoryFigures, type TokenizingRow, inChild } from './cases';
import { benchDrawing } from './drawing';
import { firstPicture } from './firstPicture';
import { benchForward } from './forwardBench';
import { benchHost } from './hostBench';
import { type Shape, bertBase, gpt2Small, makeModel } from './makeModel';
import { type Plan, makePlan } from './plan';
import { printTable } from './table';
import { type Target, printTargets } from './targets';
import { benchWorkbench } from './workbenchBench';

/**
 * `npm run bench [-- --quick] [-- --drawing] [-- --host] [-- --workbench] [-- out.json]`: prints tables and writes the
 * figures to `out/bench.json`; with `--drawing`, `--host` or `--workbench` only the drawing, what VS Code feels, or the
 * prompt workbench is measured, and only printed.
 * Takes 6 GB of memory and 2 GB of temporary files. With `TRANSFORMER_SCOPE_PYTHON` set, PyTorch too.
 */
async function main(): Promise<void> {
  const root = join(__dirname, '..', '..');
  const given = process.argv.slice(2);
  const threads = Math.min(4, availableParallelism());
  const plan = makePlan(given.includes('--quick'), threads, join(root, 'models', 'scope-bert'));
  const cpu = cpus()[0]?.model ?? '';
  console.log(`${cpu}, ${threads} threads, medians of ${plan.rounds} alternating runs`);
  const results: Record<string, unknown> = { cpu, plan };
  const targets: Target[] = [];
  if (given.includes('--drawing')) {
    await benchDrawing(plan.quick, targets);
    printTargets(targets);
    return;
  }
  if (given.includes('--workbench')) {
    await inFolder((folder) => Promise.resolve(void benchWorkbench(root, folder, plan, targets)));
    printTargets(targets);
    return;
  }
  if (given.includes('--host')) {
    await benchHost(plan.quick ? 1 : 3, targets);
    printTargets(targets);
    return;
  }
  for (const shape of plan.quick ? [bertBase] : [bertBase, gpt2Small]) {
    await inFolder(async (folder) => {
      const forward = benchForward(shape, folder, plan);
      results[shape.name] = forward.figures;
      targets.push(...forward.targets);
      results[`${shape.name}, peak memory in MB`] = benchMemory(shape, folder, plan);
      if (shape === bertBase) {
        results['first picture'] = await benchPictures(folder, plan, targets);
      }
    });
  }
  await inFolder((folder) => {
    results['generation'] = benchGeneration(folder, plan, targets);
    return Promise.resolve();
  });
  await inFolder((folder) => {
    results['workbench'] = benchWorkbench(root, folder, plan, targets);
    return Promise.resolve();
  });
  results['tokenizing'] = benchTokenizing(root, plan);
  results['drawing'] = await benchDrawing(plan.quick, targets);
  results['in VS Code'] = await benchHost(plan.quick ? 1 : 3, targets);
  printTargets(targets);
  const out = given.find((each) => each.endsWith('.json')) ?? join(root, 'out', 'bench.json');
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(out, `${JSON.stringify({ ...results, targets }, undefined, 2)}\n`);
  console.log(`\nThe figures are in ${out}`);
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scope-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchMemory(shape: Shape, folder: string, { runtimes, threads, lengths }: Plan): object {
  const tokens = lengths.at(-1) ?? 0;
  const measure = (given: object): MemoryFigures =>
    inChild<MemoryFigures>('memory.ts', { folder, threads, tokens, ...given });
  const rows = runtimes.flatMap((runtime) =>
    (['fp32', 'int8'] as const).map((precision) => {
      const plain = measure({ runtime, precision, tap: false });
      const tapped = measure({ runtime, precision, tap: true });
      return { name: `${runtime} ${precision}`, plain, tapped };
    }),
  );
  printTable(
    `${shape.name}, resident memory in MB at ${tokens} tokens, each in a fresh process: at most, and after three runs`,
    ['', 'plain, most', 'after', 'all attention, most', 'after'],
    rows.map(({ name, plain, tapped }) => [
      ...[name, plain.peakMegabytes, plain.residentMegabytes],
      ...[tapped.peakMegabytes, tapped.residentMegabytes],
    ]),
  );
  return rows;
}

async function benchPictures(folder: string, plan: Plan, targets: Target[]): Promise<object> {
  const sentence = 'The cat sat on the mat because it was warm.';
  const rows: Record<string, object> = {};
  const cells: (string | number)[][] = [];
  for (const runtime of plan.runtimes) {
    for (const [name, model, text] of [
      ['scope-bert, a sentence', plan.bundled, sentence],
      [`${bertBase.name}, a page`, folder, `${sentence} `.repeat(plan.quick ? 9 : 60)],
    ] as const) {
      const figures = await firstPicture(runtime, plan.threads, model, text, plan.quick ? 3 : 7);
      rows[`${name}, ${runtime}`] = figures;
      cells.push([`${name}, ${runtime}`, figures.tokens, figures.cold, figures.warm, figures.bytes]);
      targets.push({
        ...{ name: `first payload in bytes, ${name}, ${runtime}`, limit: 200_000, bound: 'most' },
        figure: figures.bytes,
      });
    }
  }
  printTable(
    'From request to first picture in ms',
    ['', 'tokens', 'cold', 'warm', 'bytes to the page'],
    cells,
  );
  return rows;
}

/** The bundled tokenizers, and small ones of the other kinds. */
function benchTokenizing(root: string, plan: Plan): object {
  const models = ['scope-bert', 'scope-gpt'].map((name) => join(root, 'models', name));
  const small = ['xlmr', 'llama'].map((name) => join(root, 'test', 'fixtures', 'tokenizers', name));
  const rows = inChild<TokenizingRow[]>('tokenizing.ts', {
    ...{ folders: [...models, ...small], text: longText(root) },
    rounds: plan.quick ? 3 : 9,
  });
  printTable(
    'A text of 40,000 characters, thousand tokens per second',
    ['', 'kind', 'tokens', 'ours, with ranges', 'transformers.js, ids'],
    rows.map(({ name, kind, tokens, ours, transformersJs }) => [
      ...[name, kind, tokens, ours / 1000, transformersJs / 1000],
    ]),
  );
  return rows;
}

function longText(root: string): string {
  const read = (name: string): string => readFileSync(join(root, 'media', 'sample', name), 'utf8');
  const page = ['english.md', 'chinese.md'].map(read).join('\n');
  return page.repeat(Math.ceil(40_000 / page.length)).slice(0, 40_000);
}

function benchGeneration(folder: string, plan: Plan, targets: Target[]): object {
  const rows = (['fp32', 'int8'] as const).map((precision) => {
    makeModel({ ...gpt2Small, generates: true }, folder, plan.bundled, precision);
    return {
      precision,
      ...inChild<GenerationFigures>('generation.ts', {
        ...{ folder, precision, threads: plan.threads, newTokens: plan.newTokens },
        rounds: plan.quick ? 2 : 5,
      }),
    };
  });
  printTable(
    `${gpt2Small.name}, ${plan.newTokens} tokens with key-value cache, native, tokens per second`,
    ['', 'ours', 'transformers.js', 'ratio', 'same text'],
    rows.map(({ precision, ours, transformersJs, sameTokens }) => [
      ...[precision, ours, transformersJs, (ours / transformersJs).toFixed(2), sameTokens ? 'yes' : 'NO'],
    ]),
  );
  for (const { precision, ours, transformersJs } of rows) {
    targets.push({
      ...{ name: `generation / transformers.js, native ${precision}`, limit: 1, bound: 'least' },
      figure: ours / transformersJs,
    });
  }
  return rows;
}

void main();
