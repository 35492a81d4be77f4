import type { Page } from 'playwright-core';
import type { CompareStrings } from '../../src/protocol/compareStrings';
import { tabs } from '../../webview/compare/look';
import { frames } from './gestures';
import type { CompareScenario } from './compareStub';

/** Leads the comparison of two models through its tabs, measured and half measured. */
export async function compareStates(
  page: Page,
  strings: CompareStrings,
  at: (state: string) => Promise<void>,
): Promise<void> {
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).first().click();
  const show = async (scenario: CompareScenario): Promise<void> => {
    await page.evaluate((next) => window.compareStub.show(next), scenario);
    await frames(page);
  };
  const turnTo = async (tab: (typeof tabs)[number]): Promise<void> => {
    await page.locator(`#tab-${tab}`).click();
    await frames(page);
  };
  await press(strings.help);
  await press(strings.editText);
  await at('help and text open');
  await press(strings.help);
  await press(strings.editText);
  for (const tab of tabs) {
    await turnTo(tab);
    await at(tab);
  }
  await show({ detector: true, masked: 'sameVocabulary' });
  await turnTo('blanks');
  await at('blanks of a student and its teacher');
  await turnTo('pretraining');
  await at('a detector');
  await show({
    busy: true,
    missing: { left: { missing: 'notMasked' }, right: { missing: 'notCausal' } },
    states: { cloze: 'running', sentences: 'waiting', chat: 'failed' },
  });
  for (const tab of ['reading', 'blanks', 'uses'] as const) {
    await turnTo(tab);
    await at(`${tab}, half measured`);
  }
}
