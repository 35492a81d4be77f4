import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { newStudy } from '../../src/prompts/presets';
import { seededRandom } from '../../src/prompts/random';
import type { CellsUpdate } from '../../src/protocol/promptPage';
import { type CellResult, type ServedModel, type Study, cellKey } from '../../src/protocol/prompts';
import { AllProviders } from '../../src/providers/allProviders';
import { readEndpoints } from '../../src/providers/endpoint';
import { patient } from '../../src/providers/retrying';
import { PromptSession } from '../../src/study/promptSession';
import { InferenceClient } from '../../src/worker/client';
import { ModelServer, type Trouble, wait } from '../providers/modelServer';

const inFlight = 64;
const numItems = 200;
const model: ServedModel = {
  id: 'tiny@here',
  provider: 'server',
  endpoint: 'here',
  model: 'tiny',
  api: 'chat',
};

/** A whole run of the workbench, without its screen, against a server that fails in every way that passes. */
describe('a run against a model server under load', function () {
  this.timeout(60_000);
  let server: ModelServer;
  let session: PromptSession;
  let kept: CellResult[];
  let updates: CellsUpdate[];
  let leave: boolean[];
  let asked: string[];

  const begin = (url: string, tries = 10): PromptSession => {
    kept = [];
    updates = [];
    asked = [];
    const { endpoints } = readEndpoints([{ id: 'here', url, type: 'vllm', concurrency: inFlight }]);
    // No local model is asked: the process is never started.
    const client = new InferenceClient(() => assert.fail('started'), {
      phase: () => undefined,
      log: () => undefined,
    });
    return new PromptSession({
      client,
      encoder: { id: 'none', folder: '' },
      journal: {
        begin: () => Promise.resolve(),
        add: (_, line) => {
          kept.push(...('result' in line ? [line.result] : []));
          return Promise.resolve();
        },
      },
      providers: new AllProviders(client, {
        endpoints: () => endpoints,
        link: {
          fetch,
          key: () => Promise.resolve('sk-secret'),
          allowed: ({ id }) => {
            asked.push(id);
            return Promise.resolve(leave.shift() ?? true);
          },
          patience: { ...patient, firstWait: 10, longestWait: 100, tries },
        },
      }),
      language: 'en',
      describe: (error) => error.message,
      changed: () => undefined,
      cellsChanged: (update) => updates.push(update),
      streamed: () => undefined,
    });
  };
  const study = (count: number): Study => {
    const begun = newStudy('load', 'Load', 'item x', model);
    const items = Array.from({ length: count }, (_, index) => ({
      input: `item ${index}`,
      expected: `answer to item ${index}`,
    }));
    const { task } = begun;
    const strategies = begun.strategies.slice(0, 2);
    const sampling = { ...begun.sampling, stop: [] };
    return { ...begun, strategies, sampling, task: { ...task, instruction: '', labels: [], items } };
  };
  const idle = async (): Promise<void> => {
    while (session.progress.state === 'running') {
      await wait(5);
    }
  };

  beforeEach(() => {
    leave = [];
  });
  afterEach(async () => {
    session.dispose();
    await server.stop();
  });

  it(`keeps ${inFlight} questions in flight, loses none and asks none twice for an answer`, async () => {
    const random = seededRandom(7);
    const troubleOf = (index: number): Trouble | undefined => {
      // The first ones wait for each other, so that the peak does not hang on this machine's speed.
      const drawn = index < inFlight ? 1 : random();
      if (drawn < 0.05) {
        return { status: 429, retryAfter: index % 10 === 0 ? '1' : '0' };
      }
      if (drawn < 0.1) {
        return { status: 500 };
      }
      if (drawn < 0.15) {
        return { resetAfter: 1 };
      }
      return drawn < 0.18 ? { endsEarly: true } : undefined;
    };
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let arrived = 0;
    server = await ModelServer.start(
      (given) => `answer to ${given}`,
      troubleOf,
      () => 1 + (random() < 0.02 ? 60 : 0),
      async () => {
        arrived++;
        if (arrived === inFlight) {
          open();
        }
        await gate;
      },
    );
    session = begin(server.url);
    await session.open(study(numItems), []);
    session.run('items');
    assert.equal(session.progress.total, 2 * numItems);
    await idle();
    // Every cell exactly once, each with the answer to its own question.
    const cells = session.study ? [...new Set(kept.map(cellKey))] : [];
    assert.equal(cells.length, 2 * numItems);
    assert.equal(kept.length, 2 * numItems);
    for (const result of kept) {
      assert.equal(result.error, undefined);
      assert.equal(result.output, `answer to item ${result.item}`, cellKey(result));
      assert.equal(result.pass, true);
    }
    assert.deepEqual(
      session.results().map(cellKey),
      study(numItems).task.items.flatMap((_, item) =>
        ['zero-shot', 'one-shot'].map((strategy) => cellKey({ strategy, item, model: model.id })),
      ),
      'in the order of the study, whatever came first',
    );
    assert.equal(server.peak, inFlight);
    const troubles = server.asked.length - kept.length;
    assert.ok(troubles > 30, `${troubles} requests failed on the way`);
    assert.deepEqual(asked, ['here'], 'the person was asked once');
    await wait(250);
    const last = updates.at(-1);
    assert.equal(last?.progress.state, 'idle');
    assert.equal(
      updates.reduce((sum, { results }) => sum + results.length, 0),
      2 * numItems,
    );
  });

  it('sends nothing without leave, pauses when nothing answers, and stops what is under way', async () => {
    server = await ModelServer.start(
      (given) => `answer to ${given}`,
      (index) => (index < 1000 ? { silent: true } : undefined),
    );
    session = begin(server.url);
    leave = [false];
    await session.open(study(50), []);
    session.run('items');
    await idle();
    assert.equal(server.asked.length, 0);
    assert.equal(kept.length, 0);
    session.run('items');
    while (server.asked.length < inFlight) {
      await wait(2);
    }
    session.stop();
    await idle();
    await wait(20);
    assert.equal(kept.length, 0, 'what was stopped has no result');
    assert.equal(session.progress.total, 0);
    session.dispose();
    await server.stop();

    // Nobody listens there any more.
    const gone = await ModelServer.start(() => '');
    const { url } = gone;
    await gone.stop();
    session = begin(url, 2);
    await session.open(study(200), []);
    session.run('items');
    while (session.progress.state === 'running') {
      await wait(5);
    }
    while (session.progress.running.length > 0) {
      await wait(5);
    }
    assert.equal(session.progress.state, 'paused');
    assert.ok(kept.length >= 3 && kept.length < 2 * inFlight, `${kept.length} failed before it paused`);
    assert.ok(kept.every(({ error }) => /serverUnreachable/.test(error ?? '')));
    server = await ModelServer.start((given) => `answer to ${given}`);
  });
});
