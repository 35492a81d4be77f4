/**
 * `npm run evaluate:prompts [-- model…]`: answers every bundled task in every way it lists, with the bundled
 * models that write text, and holds the claims of the course against the figures. Exits with 1 when one of
 * them is refuted by the model made for instructions.
 */
import 'vscode-jsonrpc/node';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PromptSession } from '../../src/study/promptSession';
import { readStudy } from '../../src/prompts/studyFile';
import type { Study } from '../../src/protocol/prompts';
import type { StudySummary } from '../../src/protocol/promptSummary';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import { claims } from './claims';

const root = join(__dirname, '..', '..');
const proven = 'scope-gpt-instruct';
const threads = 2;

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  let isRefuted = false;
  for (const model of given.length > 0 ? given : [proven]) {
    const begun = performance.now();
    const summaries = await answerAll(model);
    write(model, summaries, (performance.now() - begun) / 1000);
    console.log(`\n${model}: ${Math.round((performance.now() - begun) / 1000)} s on ${threads} threads\n`);
    for (const { text, tasks, holds } of claims) {
      console.log(text);
      for (const task of tasks) {
        const { held, figures } = holds(summaries.get(task) as StudySummary);
        isRefuted ||= !held && model === proven;
        console.log(`  ${held ? 'held   ' : 'REFUTED'} ${task}: ${figures}`);
      }
    }
  }
  process.exitCode = isRefuted ? 1 : 0;
}

async function answerAll(model: string): Promise<Map<string, StudySummary>> {
  const client = new InferenceClient(
    () =>
      forkWorker({
        script: join(root, 'dist', 'worker.js'),
        numThreads: threads,
        runtime: 'auto',
        precision: 'int8',
        modelMegabytes: 500,
        onOutput: (line) => {
          console.error(line);
        },
      }),
    { phase: () => undefined, log: () => undefined },
  );
  const summaries = new Map<string, StudySummary>();
  try {
    for (const study of bundledTasks(model)) {
      const summary = await answered(client, study);
      summaries.set(study.id, summary);
      printRows(study, summary);
    }
  } finally {
    client.dispose();
  }
  return summaries;
}

function bundledTasks(model: string): Study[] {
  const folder = join(root, 'media', 'tasks');
  const source = { id: model, folder: join(root, 'models', model) };
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({
      ...readStudy(readFileSync(join(folder, name), 'utf8'), name).study,
      models: [source],
    }));
}

async function answered(client: InferenceClient, study: Study): Promise<StudySummary> {
  const session = new PromptSession({
    client,
    encoder: { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') },
    journal: { begin: () => Promise.resolve(), add: () => Promise.resolve() },
    language: 'en',
    describe: (error) => error.message,
    changed: () => undefined,
    cellsChanged: () => undefined,
    streamed: () => undefined,
  });
  try {
    await session.open(study, []);
    session.run('items');
    while (session.progress.state !== 'idle') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const failed = session.results().find(({ failure }) => failure === 'error');
    if (failed) {
      throw new Error(`${study.id}: ${failed.error ?? ''}`);
    }
    return session.summary() as StudySummary;
  } finally {
    session.dispose();
  }
}

/** The figures of the model's card. */
function write(model: string, summaries: ReadonlyMap<string, StudySummary>, seconds: number): void {
  const tasks = [...summaries].map(([task, { rows, numItems }]) => [
    task,
    Object.fromEntries(
      rows.map(({ strategy, accuracy, formatKept }) => [strategy, { accuracy, formatKept, items: numItems }]),
    ),
  ]);
  const figures = { seconds, tasks: Object.fromEntries(tasks) as Record<string, object> };
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, 'out', `prompts-${model}.json`), `${JSON.stringify(figures, undefined, 2)}\n`);
}

function printRows(study: Study, { rows, numItems }: StudySummary): void {
  console.log(`${study.id} (${numItems} items)`);
  for (const row of rows) {
    const format = row.formatKept === null ? '' : `, format kept ${Math.round(100 * row.formatKept)} %`;
    const accuracy = `${Math.round(100 * (row.accuracy ?? 0))} %`;
    console.log(
      `  ${row.strategy.padEnd(24)} ${accuracy.padStart(5)}${format}, ${Math.round(row.milliseconds)} ms`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
