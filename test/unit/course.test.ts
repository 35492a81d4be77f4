import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandIds } from '../../src/host/ids';
import { course } from '../../src/learn/chapters';
import { type Step, stepsDoneBy } from '../../src/learn/course';
import type { Deed } from '../../src/learn/deeds';
import * as comparePage from '../../src/protocol/comparePage';
import * as language from '../../src/protocol/language';
import * as promptPage from '../../src/protocol/promptPage';
import * as worker from '../../src/protocol/worker';
import { tabs } from '../../webview/compare/look';
import { root } from './sourceTree';

const steps = course.flatMap((chapter) => chapter.steps);

/** Everything that can happen, once each, with the parameters that steps ask for. */
function everyDeed(): Deed[] {
  const methods = (module: object): string[] =>
    Object.values(module).flatMap((each: unknown) =>
      typeof each === 'object' && each !== null && 'method' in each ? [String(each.method)] : [],
    );
  const texts = ['A sentence.', 'cat cat cat cat', '猫猫猫猫'];
  const requests = [...methods(worker), ...methods(language)].flatMap((method) =>
    texts.flatMap((text) =>
      ['scope-bert', 'scope-seq2seq'].flatMap((id) =>
        ['mean', 'rollout'].map((how): Deed => {
          const params = { model: { id, folder: '' }, text, how, owner: 'attention-1-compared' };
          return { kind: 'request', method, params };
        }),
      ),
    ),
  );
  const pages = [...methods(comparePage), ...methods(promptPage)].flatMap((method): Deed[] => [
    ...tabs.map((tab): Deed => ({ kind: 'page', method, params: { tab } })),
    { kind: 'page', method, params: { what: 'items' } },
  ]);
  return [...Object.keys(commandIds).map((name): Deed => ({ kind: 'command', name })), ...requests, ...pages];
}

describe('the course', () => {
  it('has steps that can be done, each by something that can happen', () => {
    const possible = everyDeed();
    for (const step of steps) {
      assert.ok(
        possible.some((deed) => step.isDoneBy(deed)),
        step.id,
      );
    }
  });

  it('runs commands, tabs and pictures that exist', () => {
    for (const { id, action } of steps) {
      if (action.kind === 'command' || action.kind === 'picture') {
        assert.ok(action.command in commandIds, `${id}: ${action.command}`);
      }
      if (action.kind === 'compare') {
        assert.ok((tabs as readonly string[]).includes(action.tab), id);
      }
      if (action.kind === 'picture' && action.file !== undefined) {
        assert.ok(existsSync(join(root, 'media/sample/images', action.file)), id);
      }
    }
  });

  it('is written in both languages, with a name of its own for each step', () => {
    assert.equal(new Set(steps.map(({ id }) => id)).size, steps.length);
    const texts = (step: Step): { en: string; zh: string }[] => [step.title, step.text, step.look];
    for (const step of steps) {
      for (const { en, zh } of texts(step)) {
        assert.match(zh, /[\u4e00-\u9fff]/, step.id);
        assert.doesNotMatch(en, /[\u4e00-\u9fff]/, step.id);
      }
    }
  });

  it('takes note of what a step is about and of nothing else', () => {
    const run = (text: string, id = 'scope-bert'): Deed => ({
      kind: 'request',
      method: 'attention/run',
      params: { model: { id, folder: '' }, text, owner: 'attention-1' },
    });
    assert.deepEqual(stepsDoneBy(course, run('The cat sat.')), ['first-look']);
    assert.deepEqual(stepsDoneBy(course, run('la la la la')), ['first-look', 'same-words']);
    assert.deepEqual(stepsDoneBy(course, run('la la la lo')), ['first-look']);
    assert.deepEqual(stepsDoneBy(course, run('A cat.', 'scope-seq2seq')), ['first-look', 'cross-attention']);
    assert.deepEqual(
      stepsDoneBy(course, { kind: 'page', method: 'compare/tab', params: { tab: 'blanks' } }),
      [],
    );
    assert.deepEqual(stepsDoneBy(course, { kind: 'command', name: 'openLog' }), []);
  });
});
