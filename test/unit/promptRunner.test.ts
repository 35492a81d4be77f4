import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { newStudy } from '../../src/prompts/presets';
import type { CellAddress, CellResult } from '../../src/protocol/prompts';
import type { Provider, Reply } from '../../src/providers/provider';
import type { AnswerGrader } from '../../src/study/answerGrader';
import type { PromptRenderer } from '../../src/study/promptRenderer';
import { PromptRunner } from '../../src/study/promptRunner';
import { RunLane } from '../../src/study/runLane';

const cell: CellAddress = { strategy: 'zero-shot', item: -1, model: 'slow', repeat: 0 };

describe('a lane of a run', () => {
  it('takes a cell that was stopped anew, though the stopped one has not ended yet', () => {
    const lane = new RunLane();
    lane.add([cell]);
    assert.equal(lane.numLeft, 1);
    const first = lane.begin(cell);
    lane.add([cell]);
    assert.equal(lane.next(), undefined, 'it runs already');
    lane.stop();
    lane.add([cell]);
    const second = lane.begin(lane.next() as CellAddress);
    lane.end(first);
    assert.ok(first.isCancellationRequested && !second.isCancellationRequested);
    assert.deepEqual(lane.cells, [cell]);
    lane.end(second);
    assert.equal(lane.numLeft, 0);
  });
});

describe('a run that is stopped', () => {
  it('keeps no answer, though a provider gives one all the same', async () => {
    const asked: ((reply: Reply) => void)[] = [];
    const kept: CellResult[] = [];
    const provider: Provider = {
      ...{ lane: 'slow', concurrency: 1, abilities: new Set(), takes: 'text', host: null, currency: null },
      allowed: () => Promise.resolve(true),
      ask: () => new Promise((resolve) => asked.push(resolve)),
    };
    const study = newStudy('stopped', 'Stopped', 'A text', { id: 'slow', folder: '' });
    const runner = new PromptRunner(
      { of: () => provider },
      {
        render: () => Promise.resolve({ prompt: { text: 'A text' }, provider }),
      } as unknown as PromptRenderer,
      { refuseEarly: () => undefined, judge: () => Promise.resolve({}) } as unknown as AnswerGrader,
      {
        study: () => study,
        fingerprint: () => 'asked',
        finished: (result) => Promise.resolve(void kept.push(result)),
        streamed: () => undefined,
        progressed: () => undefined,
        describe: (error) => error.message,
      },
    );
    const reply: Reply = {
      ...{ text: 'An answer', finish: 'stop', numPromptTokens: 1, numNewTokens: 2, milliseconds: 3 },
      meanBits: null,
    };
    const answerNext = async (): Promise<void> => {
      await until(() => asked.length > 0);
      asked.shift()?.(reply);
      await until(() => runner.progress.state === 'idle');
    };
    runner.run([cell]);
    await until(() => asked.length > 0);
    runner.stop();
    await answerNext();
    assert.deepEqual(kept, []);
    runner.run([cell]);
    await answerNext();
    assert.deepEqual(
      kept.map(({ output }) => output),
      ['An answer'],
    );
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < 100, 'it never came');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
