import type { Page } from 'playwright-core';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import type { PromptScenario } from './promptStub';

export const answeredTwice: PromptScenario = { numItems: 30, answered: true, repeats: 3, served: true };

const zero = { strategy: 'zero-shot', item: -1, model: 'scope-gpt' };

/** Leads the prompt workbench through everything that it shows of a study. */
export async function promptStates(
  page: Page,
  strings: PromptStrings,
  at: (state: string) => Promise<void>,
): Promise<void> {
  const card = page.locator('.card[data-way="zero-shot"]').first();
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).first().click();
  const tab = (name: string): Promise<void> => page.locator(`#tab-${name}`).click();
  await at('ask');
  await page.evaluate((cell) => window.promptStub.answerCell(cell, 'negative', false), zero);
  await card.getByRole('button', { name: strings.probabilities }).click();
  await page.locator('.inspect .heads').waitFor();
  await page.locator('.details summary').click();
  await page.getByLabel(strings.scorer).selectOption('judge');
  await press(strings.help);
  await card.getByRole('button', { name: strings.use }).click();
  await at('an answer, inspected, and what scores it');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await press(strings.help);
  // Answers that were scored in another way count no longer.
  await press(strings.undo);
  await card.getByRole('button', { name: strings.editPrompt }).click();
  await page.evaluate((cell) => window.promptStub.stream(cell, 'nega'), { ...zero, strategy: 'one-shot' });
  await at('a prompt edited, an answer on its way');
  await page.evaluate((cell) => window.promptStub.answerCell(cell, 'negative', true), {
    ...zero,
    strategy: 'one-shot',
  });
  await tab('data');
  await page.locator('.table.items').getByRole('button', { name: strings.paste }).click();
  await at('data');
  await tab('results');
  await page.locator('.answer-cell').nth(2).click();
  await page.locator('.detail .prompt').waitFor();
  await page.getByText(strings.figures, { exact: true }).click();
  await at('results');
  await tab('history');
  await page.locator('.run').nth(1).locator('.run-name').click();
  await page.locator('.group-list summary').first().click();
  await press(strings.queryHelp);
  await page.locator('.found-row').first().click();
  await page.locator('.found-detail').waitFor();
  await at('a past run');
  await page.getByLabel(strings.query, { exact: true }).fill('failure:never');
  await page.keyboard.press('Enter');
  await page.locator('#query-problem').waitFor();
  await at('a query that is wrong');
  await page.locator('.run input').nth(1).check();
  await page.locator('.run input').first().check();
  await page.locator('.comparison').waitFor();
  await at('two runs compared');
}
