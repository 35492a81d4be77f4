import type { Page } from 'playwright-core';
import type { ImageStrings } from '../../src/protocol/imageStrings';

/** Leads the page of pictures and words through its tabs, with pictures and while a folder is read. */
export async function imageStates(
  page: Page,
  strings: ImageStrings,
  at: (state: string) => Promise<void>,
): Promise<void> {
  await page.locator('canvas[data-state="shown"]').first().waitFor();
  await page.getByRole('button', { name: strings.help, exact: true }).click();
  await at('labels');
  await page.getByRole('button', { name: strings.help, exact: true }).click();
  await page.locator('#tab-captions').click();
  await page.locator('.ranked li').first().waitFor();
  await at('captions');
  await page.locator('#tab-search').click();
  await page.locator('.found .card').first().waitFor();
  await at('search');
  const run = (next: object): Promise<void> =>
    page.evaluate((given) => {
      const { search } = window.imageStub.state();
      const folder = { name: 'a folder with a long name', path: '/folder' };
      window.imageStub.update({ search: { ...search, folder, run: given as typeof search.run } });
    }, next);
  await run({ state: 'working', stage: 'pictures', done: 40, total: 100, perSecond: 12.3 });
  await page.locator('body[data-run="working"]').waitFor();
  await at('a folder being read');
  await run({ state: 'failed', message: 'It failed.', detail: 'why', action: 'openLog' });
  await page.getByRole('alert').waitFor();
  await at('a folder that failed');
}
