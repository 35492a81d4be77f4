import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PromptSession } from '../../src/study/promptSession';
import { inspectCell } from '../../src/study/promptInspection';
import { readStudy } from '../../src/prompts/studyFile';
import type { CellsUpdate } from '../../src/protocol/promptPage';
import {
  type CellAddress,
  type CellResult,
  type Scorer,
  type Study,
  cellKey,
} from '../../src/protocol/prompts';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';

const root = join(__dirname, '..', '..');
const gpt = { id: 'scope-gpt-instruct', folder: join(root, 'models', 'scope-gpt-instruct') };
const base = { id: 'scope-gpt', folder: join(root, 'models', 'scope-gpt') };
const bert = { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') };

function bundled(name: string, numItems: number): Study {
  const text = readFileSync(join(root, 'media', 'tasks', `${name}.yaml`), 'utf8');
  const { study } = readStudy(text, name);
  return { ...study, models: [gpt], task: { ...study.task, items: study.task.items.slice(0, numItems) } };
}

/** The workbench without its screen, on the real inference process and the bundled decoder. */
describe('a prompt session', function () {
  this.timeout(120_000);
  let client: InferenceClient;
  let kept: { study: Study | undefined; results: CellResult[] };
  let updates: CellsUpdate[];
  let streams: { cell: CellAddress; text: string }[];
  let session: PromptSession;

  beforeEach(() => {
    client = new InferenceClient(
      () =>
        forkWorker({
          script: join(root, 'dist', 'worker.js'),
          numThreads: 1,
          runtime: 'native',
          precision: 'int8',
          modelMegabytes: 200,
          onOutput: () => undefined,
        }),
      { phase: () => undefined, log: () => undefined },
    );
    kept = { study: undefined, results: [] };
    updates = [];
    streams = [];
    session = makeSession();
  });
  afterEach(() => {
    session.dispose();
    client.dispose();
  });

  let trusted = false;

  function makeSession(): PromptSession {
    return new PromptSession({
      client,
      encoder: bert,
      journal: {
        begin: (study, results) => {
          kept = { study, results: [...results] };
          return Promise.resolve();
        },
        add: (_, line) => {
          if ('study' in line) {
            kept.study = line.study;
          } else if ('result' in line) {
            kept.results.push(line.result);
          }
          return Promise.resolve();
        },
      },
      language: 'en',
      mayRunExpressions: () => trusted,
      describe: (error) => error.message,
      changed: () => undefined,
      cellsChanged: (update) => updates.push(update),
      streamed: (cell, text) => streams.push({ cell, text }),
    });
  }

  async function until(done: () => boolean): Promise<void> {
    for (let tries = 0; !done(); tries++) {
      assert.ok(tries < 2000, 'it took too long');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  const finished = (): Promise<void> => until(() => session.progress.state === 'idle');

  it('asks a selected text in every way at once', async () => {
    const question = 'Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?';
    await session.begin(question, 'x', gpt);
    assert.equal(session.study?.task.kind, 'solve');
    assert.equal(session.inputCells.length, 6);
    for (const cell of session.inputCells) {
      assert.ok(cell.prompt && cell.numTokens && cell.numTokens > 10, cellKey(cell));
    }
    session.run('input');
    await finished();
    assert.equal(session.results().length, 6);
    assert.equal(kept.results.length, 6, 'each answer is kept');
    const reasoned = session.result({ strategy: 'zero-shot+reasoning', item: -1, model: gpt.id });
    assert.match(reasoned?.output ?? '', /7 \+ 5 = 12/);
    assert.equal(reasoned?.answer, '9');
    // What streams is a beginning of its answer; an answer that takes no longer than the pause between is not streamed.
    assert.ok(streams.length > 0);
    for (const { cell, text } of streams) {
      assert.ok(session.result(cell)?.output.startsWith(text), `${cellKey(cell)}: ${text}`);
    }
  });

  it('gives the same answers to the same seed, and others to another', async () => {
    const cells = ['zero-shot'].map((strategy) => ({ strategy, item: -1, model: gpt.id }));
    const answersWith = async (seed: number): Promise<string> => {
      const study = bundled('arithmetic-en', 0);
      await session.open({ ...study, sampling: { ...study.sampling, temperature: 1.5, seed } }, []);
      session.run(cells);
      await finished();
      return session.result(cells[0] as CellAddress)?.output ?? '';
    };
    const first = await answersWith(1);
    assert.equal(await answersWith(1), first);
    const others = [await answersWith(2), await answersWith(3), await answersWith(4)];
    assert.ok(others.some((text) => text !== first));
  });

  it('goes on after the process was killed, and a new session after the window was closed', async () => {
    await session.open(bundled('arithmetic-en', 6), []);
    session.run('items');
    await until(() => kept.results.length >= 4);
    process.kill(client.processId ?? 0, 'SIGKILL');
    await until(() => kept.results.length >= 8);
    session.stop();
    await until(() => session.progress.cell === null);
    const before = kept.results.length;
    assert.ok(kept.results.every((result) => result.error === undefined));
    session.dispose();

    session = makeSession();
    const { study, results } = kept;
    await session.open(study as Study, results);
    assert.equal(session.results().length, before);
    session.run('items');
    await finished();
    assert.equal(session.results().length, 36);
    assert.equal(kept.results.length, 36, 'no answer was asked for twice');
  });

  it('tells nobody anything more once its page is closed', async () => {
    await session.open(bundled('arithmetic-en', 3), []);
    session.run('items');
    await until(() => streams.length > 0);
    session.dispose();
    const told = updates.length;
    await finished();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(updates.length, told);
  });

  it('pauses between answers and stops within one', async () => {
    await session.open(bundled('arithmetic-en', 10), []);
    session.run('items');
    await until(() => kept.results.length >= 2);
    session.pause(true);
    await until(() => session.progress.cell === null);
    const paused = kept.results.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(kept.results.length, paused);
    assert.equal(session.progress.state, 'paused');
    session.pause(false);
    await until(() => kept.results.length > paused);
    session.stop();
    await finished();
    assert.ok(kept.results.length < 60);
  });

  it('keeps a failing cell from stopping the others', async () => {
    const study = bundled('arithmetic-en', 2);
    const long = { input: 'word '.repeat(2000), expected: '1' };
    await session.open({ ...study, task: { ...study.task, items: [long, ...study.task.items] } }, []);
    session.run('items');
    await finished();
    const failed = session.results().filter((result) => result.item === 0);
    assert.equal(failed.length, 6);
    assert.ok(failed.every((result) => result.failure === 'error' && /512/.test(result.error ?? '')));
    assert.ok(
      session
        .results()
        .filter((result) => result.item > 0)
        .every((result) => result.error === undefined),
    );
    assert.equal(session.summary()?.rows[0]?.failures.error, 1);
    // A broken template, which only a model without its own uses, is told at the card, not thrown.
    const current = session.study as Study;
    const frame = { ...current.task.frame, template: '{% for %}' };
    await session.edit({ ...current, models: [base], task: { ...current.task, frame } });
    assert.ok(session.inputCells.every((cell) => cell.prompt === null && cell.problem));
  });

  it('chooses labels by their likelihood, and examples by their likeness', async () => {
    const study = bundled('sentiment-en', 2);
    const task = { ...study.task, scorer: { kind: 'choice' as const }, exampleChoice: 'nearest' as const };
    await session.open({ ...study, task }, []);
    session.run('items');
    await finished();
    for (const result of session.results()) {
      assert.equal(result.error, undefined);
      assert.deepEqual(
        result.labelScores?.map(({ label }) => label),
        ['positive', 'negative'],
      );
      assert.ok(['positive', 'negative'].includes(result.answer ?? ''));
    }
    const input = task.examples[3]?.input ?? '';
    await session.edit({ ...(session.study as Study), input: `${input.slice(0, -1)}!` });
    const { prompt } = await session.prompt({ strategy: 'one-shot', item: -1, model: gpt.id });
    assert.ok(prompt.text.includes(input), 'the nearest example is the one that differs in one sign');
  });

  it('asks a prompt several times, each with its own seed, and again with the same ones', async () => {
    const study = bundled('arithmetic-en', 0);
    const cell = { strategy: 'zero-shot', item: -1, model: gpt.id };
    const answers = async (): Promise<string[]> => {
      await session.open({ ...study, repeats: 4, sampling: { ...study.sampling, temperature: 2 } }, []);
      session.run([cell]);
      await finished();
      return session.results().map(({ output }) => output);
    };
    const first = await answers();
    assert.equal(first.length, 4);
    assert.ok(new Set(first).size > 1, first.join(' / '));
    assert.deepEqual(await answers(), first);
    assert.equal(session.inputCells.length, 6, 'one prompt for all repeats');
    await session.edit({ ...(session.study as Study), sampling: study.sampling });
    session.run([cell]);
    await finished();
    assert.equal(session.results().length, 1, 'at temperature 0 once');
  });

  it('judges by expression where that is trusted, by likeness, by a model, and by calibrated labels', async () => {
    const study = bundled('sentiment-en', 2);
    const cells = [0, 1].map((item) => ({ strategy: 'few-shot-3', item, model: gpt.id }));
    const judgedBy = async (scorer: Scorer): Promise<CellResult[]> => {
      await session.open({ ...study, task: { ...study.task, scorer } }, []);
      session.run(cells);
      await finished();
      return cells.flatMap((cell) => session.result(cell) ?? []);
    };
    const expression = 'output.includes(answer) && input.length > 3 && typeof expected === "string"';
    const refused = await judgedBy({ kind: 'javascript', expression });
    assert.ok(refused.every(({ error, output }) => error === 'expressionRefused' && output === ''));
    trusted = true;
    const computed = await judgedBy({ kind: 'javascript', expression });
    assert.deepEqual(
      computed.map(({ pass }) => pass),
      [true, true],
    );
    const endless = await judgedBy({ kind: 'javascript', expression: '(() => { for (;;); })()' });
    assert.match(endless[0]?.error ?? '', /250 ms/);

    const [alike] = await judgedBy({ kind: 'similarity' });
    assert.ok(alike?.score !== undefined && alike.baseline !== undefined);
    assert.ok(alike.baseline > 0 && alike.baseline < 1 && alike.score <= 1 + 1e-6);
    assert.equal(alike.pass, alike.score >= (1 + alike.baseline) / 2);

    const judge = { model: gpt, prompt: 'Is {answer} the same as {expected}? yes or no:' };
    const verdicts = await judgedBy({ kind: 'judge', judge });
    for (const { score = NaN, pass, error } of verdicts) {
      assert.equal(error, undefined);
      assert.ok(score > 0 && score < 1);
      assert.equal(pass, score >= 0.5);
    }

    for (const calibration of ['contextual', 'pmi'] as const) {
      const [chosen] = await judgedBy({ kind: 'choice', calibration });
      const shares = chosen?.labelScores?.map(({ calibrated = NaN }) => calibrated) ?? [];
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9, calibration);
      const likeliest = shares.indexOf(Math.max(...shares));
      assert.equal(chosen?.answer, chosen?.labelScores?.[likeliest]?.label);
    }
  });

  it('shows how an answer came about', async () => {
    await session.open(bundled('arithmetic-en', 1), []);
    const cell = { strategy: 'few-shot-3+reasoning', item: 0, model: gpt.id };
    session.run([cell]);
    await finished();
    const ready = await session.prompt(cell);
    const sampling = (session.study as Study).sampling;
    const { tokens, shares } = await inspectCell(client, ready, sampling, (error) => error.message);
    assert.equal(
      tokens
        .map((token) => token.text)
        .join('')
        .trim(),
      session.result(cell)?.output.trim(),
    );
    for (const token of tokens) {
      assert.equal(token.alternatives.length, 8);
      assert.ok((token.entropyBits ?? -1) >= 0 && (token.entropyBits ?? 99) <= 12, 'log2 of 4096 tokens');
    }
    assert.ok(shares);
    assert.deepEqual(shares.parts.slice(-2), ['answer', 'first']);
    assert.ok(shares.parts.includes('examples') && shares.parts.includes('reasoning'));
    const values = new Float32Array(shares.shares);
    const { parts, numLayers, numHeads } = shares;
    assert.equal(values.length, numLayers * numHeads * parts.length);
    for (let head = 0; head < numLayers * numHeads; head++) {
      const sum = values.subarray(head * parts.length, (head + 1) * parts.length).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-3, `head ${head}: ${sum}`);
    }
  });
});
