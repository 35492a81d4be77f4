import 'vscode-jsonrpc/node';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import { bertBase, gpt2Small, makeModel } from './makeModel';

/** `npm run bench [-- out.json]`: prints a table and, when asked, writes the figures as JSON. */

interface Forward {
  readonly prepareMilliseconds: number;
  readonly createMilliseconds: number;
  readonly readMilliseconds: number;
  readonly residentMegabytes: number;
  readonly forward: readonly { tokens: number; plain: number; tapped: number }[];
}

const root = join(__dirname, '..', '..');
const numThreads = Math.min(4, availableParallelism());
const results: Record<string, unknown> = { cpu: cpus()[0]?.model, numThreads };

async function main(): Promise<void> {
  console.log(`${cpus()[0]?.model ?? ''}, ${numThreads} threads, medians of alternating runs\n`);
  await firstPicture();
  for (const shape of [bertBase, gpt2Small]) {
    const folder = mkdtempSync(join(tmpdir(), 'scope-bench-'));
    try {
      makeModel(shape, folder, join(root, 'models', 'scope-bert'));
      const megabytes = Math.round(statSync(join(folder, 'onnx', 'model.onnx')).size / 1e6);
      for (const runtime of ['native', 'wasm'] as const) {
        const measured = forward(runtime, folder, runtime === 'native' ? 11 : 7);
        results[`${shape.name} ${runtime}`] = measured;
        print(`${shape.name}, fp32, ${megabytes} MB, ${runtime}`, measured);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const out = process.argv[2];
  if (out !== undefined) {
    writeFileSync(out, `${JSON.stringify(results, undefined, 2)}\n`);
  }
}

function forward(runtime: string, folder: string, runs: number): Forward {
  const script = join(__dirname, 'forward.ts');
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', script, runtime, folder, String(numThreads), String(runs), '32,128,512'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Forward;
}

function print(title: string, measured: Forward): void {
  console.log(title);
  console.log('  tokens   plain forward   with all attention   ratio');
  for (const { tokens, plain, tapped } of measured.forward) {
    const ratio = (tapped / plain).toFixed(3);
    console.log(`  ${pad(tokens, 6)}   ${pad(plain, 10)} ms   ${pad(tapped, 15)} ms   ${ratio}`);
  }
  console.log(
    `  read ${measured.readMilliseconds.toFixed(0)} ms, prepare ${measured.prepareMilliseconds.toFixed(1)} ms, ` +
      `create session ${measured.createMilliseconds.toFixed(0)} ms, resident ${measured.residentMegabytes.toFixed(0)} MB (both sessions)\n`,
  );
}

function pad(value: number, width: number): string {
  return value.toFixed(value >= 10 || Number.isInteger(value) ? 0 : 1).padStart(width);
}

/** From the host's request to the answer that draws the first picture, with the bundled model. */
async function firstPicture(): Promise<void> {
  for (const runtime of ['native', 'wasm'] as const) {
    const script = join(root, 'dist', 'worker.js');
    const client = new InferenceClient(
      () =>
        forkWorker({
          script,
          numThreads,
          runtime,
          precision: 'fp32',
          modelMegabytes: 1000,
          onOutput: console.log,
        }),
      {
        phase: () => undefined,
        log: () => undefined,
      },
    );
    const times: number[] = [];
    let bytes = 0;
    for (let run = 0; run < 10; run++) {
      const begin = performance.now();
      const result = await client.attend(
        {
          model: { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') },
          text: 'The cat sat on the mat because it was warm.',
          owner: 'bench',
          textWasCut: false,
        },
        new CancellationTokenSource().token,
      );
      times.push(performance.now() - begin);
      bytes = result.thumbnails.data.byteLength;
    }
    client.dispose();
    const cold = times[0] ?? NaN;
    const warm = times.slice(1).sort((a, b) => a - b)[4] ?? NaN;
    results[`first picture ${runtime}`] = { cold, warm, bytes };
    console.log(
      `First picture, scope-bert, ${runtime}: cold ${cold.toFixed(0)} ms, warm ${warm.toFixed(1)} ms, ${bytes} bytes`,
    );
  }
  console.log('');
}

void main();
