import assert from 'node:assert/strict';
import { promptStringsEnglish as strings } from '../../src/protocol/promptStrings';
import { inChinese } from './chinese';
import { Everyone } from './everyone';
import { usePages } from './usePages';
import { answeredTwice, promptStates } from './promptStates';

const suite = {
  name: 'a-suite-with-a-long-name-for-a-narrow-panel.prompts.yaml',
  isEmpty: true,
  problems: [],
};
const problems = [{ message: 'Expected here: one of classify, extract, solve, transform.', line: 5 }];

describe('prompt workbench for everyone', function () {
  this.timeout(180_000);
  const harness = usePages();

  it('is read at every size and in every theme, and used without a mouse, in all its states', async () => {
    const page = await harness.openPrompts({ scenario: answeredTwice, locale: 'en', forEveryone: true });
    const everyone = await Everyone.on(page);
    await promptStates(page, strings, (name) => everyone.check(name));
    assert.deepEqual(everyone.problems, []);
  });

  it('is so too before there is a study', async () => {
    for (const [name, start] of Object.entries({
      nothing: undefined,
      'an empty suite': suite,
      'a suite that is wrong': { ...suite, isEmpty: false, problems },
    })) {
      const page = await harness.openPrompts({
        scenario: null,
        locale: 'en',
        forEveryone: true,
        ...(start ? { suite: start } : {}),
      });
      const everyone = await Everyone.on(page);
      await everyone.check(name);
      assert.deepEqual(everyone.problems, []);
    }
  });

  it('is read in Chinese and high contrast', async () => {
    const chinese = await inChinese(strings);
    const page = await harness.openPrompts({
      scenario: answeredTwice,
      locale: 'zh-cn',
      strings: chinese,
      theme: 'highContrast',
      forEveryone: true,
    });
    const everyone = await Everyone.on(page);
    await promptStates(page, chinese, (name) => everyone.checkWords(name));
    assert.deepEqual(everyone.problems, []);
  });
});
