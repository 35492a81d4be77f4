import assert from 'node:assert/strict';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { attentionStates, firstScenario } from './attentionStates';
import { inChinese } from './chinese';
import { Everyone } from './everyone';
import { usePages } from './usePages';

const state = { kind: 'ready', scenario: firstScenario } as const;

describe('attention page for everyone', function () {
  this.timeout(180_000);
  const harness = usePages();

  it('is read at every size and in every theme, and used without a mouse, in all its states', async () => {
    const page = await harness.open({ state, forEveryone: true });
    const everyone = await Everyone.on(page);
    await attentionStates(page, strings, (name) => everyone.check(name));
    assert.deepEqual(everyone.problems, []);
  });

  it('is read in Chinese and high contrast', async () => {
    const chinese = await inChinese(strings);
    const page = await harness.open({
      ...{ state, strings: chinese, locale: 'zh-cn' },
      ...{ theme: 'highContrast', forEveryone: true },
    });
    const everyone = await Everyone.on(page);
    await attentionStates(page, chinese, (name) => everyone.checkWords(name));
    assert.deepEqual(everyone.problems, []);
  });
});
