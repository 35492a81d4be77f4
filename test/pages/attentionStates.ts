import type { Page } from 'playwright-core';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { type Scenario, pair, scene, sentence, translation } from './madeUpRun';
import type { StubState } from './stubHost';

export const firstScenario: Scenario = {
  words: sentence,
  layers: 3,
  heads: 4,
  totalTokens: 90,
  warning: 0.2,
  causal: true,
};

/** Leads the attention page from the head that it opens with through everything that it can show. */
export async function attentionStates(
  page: Page,
  strings: AttentionStrings,
  at: (state: string) => Promise<void>,
): Promise<void> {
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const show = async (state: StubState): Promise<void> => {
    await page.evaluate((next) => window.stub.show(next), state);
    await page.waitForSelector(`body[data-state="${state.kind}"]`);
  };
  await at('a head');
  await press(strings.help);
  await press(strings.editText);
  await press(strings.hideSpecial);
  await page.locator('#token-9').click();
  await press(strings.exportMenu);
  await at('everything open');
  await page.keyboard.press('Escape');
  await press(strings.help);
  await press(strings.editText);
  await page.locator('.cell[data-index="1"]').click({ modifiers: ['Control'] });
  await page.locator('.cell[data-index="6"]').click({ modifiers: ['Control'] });
  await at('two heads chosen');
  await page.locator('.cell[data-index="5"]').dblclick();
  await besideTheHeads(page, strings, press, at);
  await compared(page, strings, press, at);
  for (const [name, scenario] of Object.entries({ pair, translation, scene })) {
    await show({ kind: 'ready', scenario });
    await at(`a ${name}`);
  }
  await page.evaluate(() => (window.stub.failHeads = true));
  await page.locator('.cell[data-index="3"]').click();
  await page.locator('.head-failure [role=alert]').waitFor();
  await at('a head that failed');
  await show({ kind: 'empty' });
  await at('empty');
  await show({ kind: 'busy', phase: 'loading' });
  await at('busy');
  await show({ kind: 'failed', message: 'The process stopped.', detail: 'exit code 134', action: 'retry' });
  await at('failed');
}

type Press = (name: string) => Promise<void>;
type At = (state: string) => Promise<void>;

/** The lists and views beside the small pictures. */
async function besideTheHeads(page: Page, strings: AttentionStrings, press: Press, at: At): Promise<void> {
  await press(strings.patternsTab);
  await page.locator('.chip-head').first().waitFor();
  await at('patterns');
  await page.locator('#token-4').dblclick();
  await page.locator('.predictions').waitFor();
  await press(strings.lensOpen);
  await page.locator('.layers').waitFor();
  await at('predictions and the logit lens');
  await press(strings.numberTab);
  await page.locator('.steps details summary').click();
  await at('one number');
  for (const part of ['positions', 'heads:self', 'forward', 'norm:feedForward']) {
    await page.locator(`.block-map [data-part="${part}"]`).click();
    await page.locator(`[data-step="${part}"] h3`).waitFor();
    await at(part);
  }
  await press(strings.effectsTab);
  await page.locator('.causes .map-cell').nth(3).click();
  await page.locator('.values tbody tr').first().waitFor();
  await page.locator('.example').last().locator('vscode-button, button').last().click();
  await at('effects');
  await press(strings.pairsTab);
}

/** Another text beside the first. */
async function compared(page: Page, strings: AttentionStrings, press: Press, at: At): Promise<void> {
  await press(strings.compareMenu);
  await page.getByRole('menuitem', { name: strings.compareText }).click();
  await at('a text to compare with');
  await page.getByRole('textbox', { name: strings.editText }).fill('the nurse said that she slept');
  await press(strings.compareAction);
  await page.waitForFunction(() => document.querySelectorAll('.plot.matrix').length === 2);
  await press(strings.differencesTab);
  await at('differences');
}
