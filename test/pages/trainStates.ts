import type { Page } from 'playwright-core';
import type { TrainStrings } from '../../src/protocol/trainStrings';

/** Leads the training page from before the first step to a process that has ended. */
export async function trainStates(
  page: Page,
  strings: TrainStrings,
  at: (state: string) => Promise<void>,
): Promise<void> {
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  await at('before the first step');
  await press(strings.help);
  await press(strings.step);
  await page.waitForFunction(() => document.body.dataset['step'] === '1');
  await press(strings.step);
  await page.waitForFunction(() => document.body.dataset['step'] === '2');
  await page.getByRole('textbox', { name: strings.question }).fill('xyz');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').first().waitFor();
  await at('two steps, and a question that is none');
  await page.evaluate(() => window.trainStub.die());
  await page.getByRole('alert').getByText(strings.died).waitFor();
  await at('the process has ended');
}
