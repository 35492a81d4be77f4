import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { promptStringsEnglish as strings } from '../../src/protocol/promptStrings';
import { violations } from './axe';
import { usePages } from './usePages';

/** The history of a study in the workbench's page. */
describe('prompt history page', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = async (numItems: number, options: object = {}): Promise<Page> => {
    const scenario = { numItems, answered: numItems > 0 };
    const page = await harness.openPrompts({ scenario, locale: 'en', ...options });
    await page.getByRole('tab', { name: strings.tabHistory }).click();
    return page;
  };
  const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.promptStub.calls);

  it('says that nothing was asked yet', async () => {
    const page = await open(0);
    await page.getByText(strings.noRuns).waitFor();
  });

  it('lists runs, groups what failed, finds answers and exports them', async () => {
    const page = await open(30);
    await page.locator('.run').nth(1).waitFor();
    assert.match(
      (await page.locator('.run').first().textContent()) ?? '',
      /180 answers.*few-shot \(3\).*90%.*Instruction/is,
    );
    // In the older run two of three items fail: one half in the wrong format, one half wrong.
    await page.locator('.run').nth(1).locator('.run-name').click();
    await page.locator('.failure-groups h2', { hasText: '120 of 180 answers' }).waitFor();
    const groups = page.locator('.group-list > li');
    assert.match((await groups.first().textContent()) ?? '', /wrong format.*60 of 180/s);
    await page.getByRole('button', { name: strings.groupConfusion }).click();
    await groups.first().locator('summary').click();
    await groups
      .first()
      .getByRole('button', { name: new RegExp(strings.groupShow) })
      .click();
    const box = page.getByLabel(strings.query, { exact: true });
    await page.waitForFunction(() => window.promptStub.calls.some((call) => call.includes('failure:')));
    assert.match(await box.inputValue(), /^expected=(positive|negative) answer/);
    await page.locator('.query-answers h2', { hasText: '30 of 180' }).waitFor();
    await page.locator('.found-row').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.found-detail pre', { hasText: 'I am not quite sure' }).waitFor();
    await box.fill('failure:never');
    await box.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/it can be empty, format/)
      .waitFor();
    await box.fill('strategy=zero-shot "soup number 7"');
    await box.press('Enter');
    await page.locator('.query-answers h2', { hasText: '1 of 180' }).waitFor();
    await page.locator('.query-answers .menu-button').click();
    await page.getByRole('menuitem', { name: strings.exportCsv }).click();
    await page.getByText(strings.saved).waitFor();
    assert.equal((await calls(page)).at(-1), 'export csv run 1');
  });

  it('compares two runs and marks what differs', async () => {
    const page = await open(30);
    await page.locator('.run input').nth(1).check();
    await page.locator('.run input').first().check();
    await page.locator('.comparison').waitFor();
    assert.match((await page.locator('.comparison > p').first().textContent()) ?? '', /Instruction/);
    // Few-shot passes 27 of 30 now and 10 of 30 before.
    const row = page.locator('.compared-ways tbody tr', { hasText: 'Few-shot (3)' });
    assert.match(
      (await row.textContent()) ?? '',
      /33% → 90%.*30 test items.*\+57 \(\+\d+ to \+\d+\), p < 0\.001/s,
    );
    await page.getByRole('button', { name: /became right \d+/ }).click();
    const first = page.locator('.compared').first();
    await page.waitForFunction(
      () => document.querySelector('.compared')?.getAttribute('data-change') === 'gained',
    );
    assert.equal(await first.locator('del').textContent(), ', I am not quite sure');
    assert.equal(await first.locator('ins').count(), 0);
    assert.deepEqual(await violations(page), []);
    await page.locator('.run input').first().uncheck();
    await page.locator('.failure-groups').waitFor();
  });

  it('is usable without a mouse, in high contrast and 300 pixels wide', async () => {
    const page = await open(30, { theme: 'highContrast', width: 300, height: 700 });
    await page.locator('.run').nth(1).waitFor();
    const fits = (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    assert.ok(await fits(), 'one run');
    assert.deepEqual(await violations(page), []);
    await page.locator('.run input').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.locator('.comparison').waitFor();
    assert.ok(await fits(), 'two runs');
  });
});
