import assert from 'node:assert/strict';
import type { ExtensionApi } from '../../src/extension';
import { stepOf } from '../../src/panels/learnView';
import { closeEditors } from './editors';
import { theExtension } from './extension';

/** The course: its buttons do what they say, and what was done is noticed. */

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('Learn view', function () {
  this.timeout(120_000);
  let api: ExtensionApi;

  before(async () => {
    api = (await theExtension()).exports;
    await api.course.progress.reset();
  });
  afterEach(closeEditors);

  const isDone = async (id: string): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (!api.course.progress.isDone(id)) {
      assert.ok(Date.now() < deadline, `waited for ${id}`);
      await pause(50);
    }
  };

  // Steps that their button completes; the others need a hand on the page or in a list.
  for (const id of [
    'first-look',
    'one-token',
    'same-words',
    'causal-mask',
    'block-parts',
    'cross-attention',
    'pretraining',
    'next-sentence',
    'fine-tuning',
    'variants',
    'surprisal',
    'six-ways',
    'patches',
  ]) {
    it(`does ${id} and takes note of it`, async () => {
      assert.equal(api.course.progress.isDone(id), false, 'done before it was begun');
      const acting = api.course.view.act(await stepOf(id));
      await isDone(id);
      await acting;
    });
  }

  it('takes the reader’s own word, and forgets everything on request', async () => {
    await api.course.progress.mark('own-model', true);
    const shown = (await api.course.view.snapshot()).chapters.flatMap(({ steps }) => steps);
    assert.equal(shown.find(({ id }) => id === 'own-model')?.done, true);
    await api.course.progress.reset();
    const { chapters } = await api.course.view.snapshot();
    assert.ok(chapters.every(({ steps }) => steps.every(({ done }) => !done)));
  });
});
