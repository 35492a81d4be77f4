import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrainProgress } from '../../src/protocol/train';
import { firstSettings } from '../../src/train/presets';
import { closeEditors } from './editors';
import { theExtension } from './extension';

/** A tiny model trained inside real VS Code, from the command to the end of its process. */

describe('training a tiny model', function () {
  this.timeout(60_000);

  it('learns in the background until its panel is closed, and is remembered', async () => {
    const { training } = (await theExtension()).exports;
    const until = async (what: string, done: (now: TrainProgress) => boolean): Promise<TrainProgress> => {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const now = training.current?.progress;
        if (now && done(now)) {
          return now;
        }
        assert.ok(Date.now() < deadline, `waited for ${what}: ${now?.state} at ${now?.step}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    };
    const open = async (): Promise<NonNullable<typeof training.current>> => {
      await vscode.commands.executeCommand('transformerScope.trainTinyModel');
      // The page asks for the run, so it is there once the page is.
      await until('the page', () => true);
      assert.ok(training.current);
      return training.current;
    };

    const session = await open();
    await session.change({ ...firstSettings, task: 'pick', positions: 'none' }, 'pickWithoutPositions');
    await session.do('start');
    await until('a running training', ({ state, step }) => state === 'running' && step > 0);
    // The command again shows the panel that is there.
    await vscode.commands.executeCommand('transformerScope.trainTinyModel');
    assert.equal(training.current, session);
    const processId = session.processId;
    assert.ok(processId !== undefined && processId !== process.pid);
    await until('step 60', ({ step }) => step >= 60);
    await session.do('pause');
    const { step } = await until('the pause', ({ state }) => state === 'paused');
    assert.ok(await session.ask('a b c d *e f g h'));
    const now = await session.lookAt(step);
    assert.deepEqual(now.answers, ['e']);
    // It looks at the marked letter by now; before it learnt, it looked about.
    const toMarked = ({ attention, tokens, firstBlank }: typeof now): number =>
      new Float32Array(attention)[firstBlank * tokens.length + 4] ?? NaN;
    assert.ok(toMarked(now) > 0.8, String(toMarked(now)));
    assert.ok(toMarked(await session.lookAt(0)) < 0.4);

    await closeEditors();
    assert.equal(training.current, undefined);
    const deadline = Date.now() + 10_000;
    while (isAlive(processId)) {
      assert.ok(Date.now() < deadline, 'the process goes on without its panel');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const again = await open();
    const view = await again.ready();
    assert.equal(view.settings.task, 'pick');
    assert.equal(view.preset, 'pickWithoutPositions');
    assert.equal(view.progress.step, 0);
    await again.change(firstSettings, 'reverse');
    await closeEditors();
  });
});

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
