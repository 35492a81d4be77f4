import 'vscode-jsonrpc/node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../../src/prompts/fingerprint';
import { findings } from '../../src/prompts/sentences';
import { readStudy } from '../../src/prompts/studyFile';
import { StudyState } from '../../src/prompts/studyState';
import { wordings } from '../../src/prompts/wording';
import type { CellResult, Study } from '../../src/protocol/prompts';
import { PromptSession } from '../../src/study/promptSession';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import type { WorkbenchCase, WorkbenchFigures } from './cases';
import { median } from './median';

/** What the workbench itself costs: around each answer, and when a large study is opened. */
async function main(): Promise<void> {
  const { root, numItems, numCells, rounds } = JSON.parse(process.argv[2] ?? '') as WorkbenchCase;
  const folder = join(root, 'models', 'scope-gpt-instruct');
  const text = readFileSync(join(root, 'media', 'tasks', 'sentiment-en.yaml'), 'utf8');
  const { study } = readStudy(text, 'bench');
  const models = [{ id: 'scope-gpt-instruct', folder }];
  const figures: WorkbenchFigures = {
    overhead: await overheadOf({ ...study, models }, root, numItems),
    ...opening({ ...study, models }, numCells, rounds),
  };
  console.log(JSON.stringify(figures));
  process.exit(0);
}

/** Milliseconds per answer beyond those that the model computed, with a process and a session as in the editor. */
async function overheadOf(study: Study, root: string, numItems: number): Promise<number> {
  const client = new InferenceClient(
    () =>
      forkWorker({
        script: join(root, 'dist', 'worker.js'),
        numThreads: 1,
        runtime: 'native',
        precision: 'int8',
        modelMegabytes: 500,
        onOutput: () => undefined,
      }),
    { phase: () => undefined, log: () => undefined },
  );
  const results: CellResult[] = [];
  const session = new PromptSession({
    client,
    encoder: { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') },
    journal: {
      begin: () => Promise.resolve(),
      add: (_, line) => {
        results.push(...('result' in line ? [line.result] : []));
        return Promise.resolve();
      },
    },
    language: 'en',
    describe: (error) => error.message,
    changed: () => undefined,
    cellsChanged: () => undefined,
    streamed: () => undefined,
  });
  const run = async (what: 'input' | 'items'): Promise<number> => {
    results.length = 0;
    const started = performance.now();
    session.run(what);
    while (session.progress.state !== 'idle') {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const spent = performance.now() - started;
    const computed = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return (spent - computed) / results.length;
  };
  const task = { ...study.task, items: study.task.items.slice(0, numItems) };
  await session.open({ ...study, task }, []);
  // The first answers load the model.
  await run('input');
  const overhead = await run('items');
  session.dispose();
  client.dispose();
  return overhead;
}

/** Milliseconds until the page can be told everything of a study with this many answers. */
function opening(
  study: Study,
  numCells: number,
  rounds: number,
): Pick<WorkbenchFigures, 'opening' | 'update'> {
  const count = Math.ceil(numCells / study.strategies.length);
  const { items } = study.task;
  const many = Array.from({ length: count }, (_, index) => {
    const { input, expected } = items[index % items.length] ?? { input: '' };
    return { input: `${index}. ${input}`, ...(expected === undefined ? {} : { expected }) };
  });
  const large = { ...study, task: { ...study.task, items: many } };
  const results = new StudyState(large).cells('items').map((cell, index): CellResult => {
    const pass = index % 3 !== 0;
    return {
      ...cell,
      fingerprint: fingerprintOf(large, cell) ?? '',
      output: 'positive',
      answer: 'positive',
      pass,
      failure: pass ? null : 'wrong',
      formatKept: null,
      finish: 'stop',
      numPromptTokens: 40,
      numNewTokens: 2,
      milliseconds: 12,
      meanBits: 1,
    };
  });
  const times: { opening: number; update: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    const state = new StudyState(large, results);
    const all = state.results();
    const summary = state.summary();
    findings(summary, wordings.en);
    if (state.numOutdated !== 0 || all.length !== results.length) {
      throw new Error('answers are missing');
    }
    structuredClone({ study: state.study, all, summary });
    const opened = performance.now();
    // What each bundle of new answers costs.
    state.record(results[round] as CellResult);
    findings(state.summary(), wordings.en);
    times.push({ opening: opened - started, update: performance.now() - opened });
  }
  return {
    opening: median(times.map((each) => each.opening)),
    update: median(times.map((each) => each.update)),
  };
}

void main();
