import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { trainStringsEnglish as strings } from '../../src/protocol/trainStrings';
import { firstSettings } from '../../src/train/presets';
import { usePages } from './usePages';

/** The page with the real session and the real model behind it, which learns while it is looked at. */

const stepOf = (page: Page): Promise<number> => page.evaluate(() => Number(document.body.dataset['step']));
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const stateIs = (page: Page, state: string): Promise<unknown> =>
  page.waitForSelector(`body[data-run="${state}"]`);
const choose = (page: Page, name: string, label: string): Promise<unknown> =>
  page.getByRole('combobox', { name, exact: true }).selectOption({ label });
/** Where the first blank looks most, in the words for those who do not see the picture. */
const firstLook = async (page: Page): Promise<string> =>
  ((await page.locator('.head canvas').first().getAttribute('aria-label')) ?? '').split(';')[0] ?? '';

async function trainTo(page: Page, step: number): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^(${strings.start}|${strings.goOn})$`) }).click();
  await page.waitForFunction((wanted) => Number(document.body.dataset['step']) >= wanted, step);
  await press(page, strings.pause);
  await stateIs(page, 'paused');
}

describe('training page', function () {
  this.timeout(60_000);
  const harness = usePages();

  it('learns to reverse while one looks on, goes back in time, and keeps its curve for the next run', async () => {
    const page = await harness.openTrain({ locale: 'en', width: 1100, height: 900 });
    await page.getByText(strings.notBegun).waitFor();
    const question = page.getByRole('textbox', { name: strings.question });
    await question.fill('a b c d h');
    await press(page, strings.ask);
    await page.locator('.answers tr:nth-child(2) td', { hasText: 'h' }).first().waitFor();

    await press(page, strings.step);
    await page.waitForFunction(() => document.body.dataset['step'] === '1');
    await trainTo(page, 120);
    const step = await stepOf(page);
    const learnt = await firstLook(page);
    assert.match(learnt, /blank 1 looks most at [dh] \([45]\)/);
    const answers = page.locator('.answers tr:first-child td');
    assert.match((await answers.first().textContent()) ?? '', /h\s+correct/);
    assert.equal(await page.locator('.plot').count(), 2);
    assert.match((await page.locator('.chance-text').first().textContent()) ?? '', /guessing 2\.08/);

    // Back to the beginning: the same question, before anything was learnt.
    const slider = page.getByRole('slider', { name: strings.time });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.getByText('step 0', { exact: true }).waitFor();
    assert.notEqual(await firstLook(page), learnt);
    assert.equal(await page.locator('.marked-line').count(), 2);
    await press(page, strings.backToNow);
    await page.getByText(`now, step ${step}`).waitFor();
    assert.equal(await firstLook(page), learnt);

    // A cell by keys.
    await page.locator('.head canvas').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByText(/Layer 1, head 1: blank 1 looks at b \(2\) with \d\.\d{4}/).waitFor();

    // What is no question of this task is said, and left as it was typed.
    await question.fill('xyz');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('This task takes 5 letters from a to h.').waitFor();
    assert.equal(await question.inputValue(), 'xyz');

    // Another number of heads begins anew, beside the curve of before.
    await choose(page, strings.numHeads, '4');
    await page.locator('.head canvas').nth(3).waitFor();
    assert.equal(await stepOf(page), 0);
    await page.getByText('Heads: 1 · Step').waitFor();
    assert.equal(await page.locator('polyline.earlier').count(), 1);
    const rate = page.getByRole('textbox', { name: strings.learningRate });
    await rate.fill('0');
    await rate.press('Enter');
    await page.getByRole('alert').getByText(strings.badLearningRate).waitFor();
  });

  it('says what an experiment shows, and that a rate of 10 breaks it', async () => {
    const page = await harness.openTrain({ locale: 'en', width: 900 });
    await choose(page, strings.experiment, strings.presetRateAbsurd);
    await page.getByText(strings.presetRateAbsurdWatch).waitFor();
    await press(page, strings.start);
    await stateIs(page, 'diverged');
    await page
      .getByRole('alert')
      .getByText(/Start over with a learning rate/)
      .waitFor();
    assert.equal(await page.getByRole('button', { name: strings.goOn, exact: true }).count(), 0);
    await choose(page, strings.experiment, strings.presetPickWithoutPositions);
    await trainTo(page, 40);
    assert.equal(await page.locator('.answers td.is-right').count(), 1);
    const question = page.getByRole('textbox', { name: strings.question });
    await question.fill('*gbbbbbbb');
    await press(page, strings.ask);
    await page.locator('.answers td.is-right', { hasText: 'g' }).waitFor();
  });

  it('takes up what was trained before VS Code was closed, and repeats it', async () => {
    const remembered = { settings: { ...firstSettings, seed: 9 }, preset: null, step: 12 };
    const page = await harness.openTrain({ locale: 'en', remembered });
    await page.getByText('at step 12').waitFor();
    assert.equal(await page.getByRole('textbox', { name: strings.seed }).inputValue(), '9');
    await press(page, 'Repeat Those 12 Steps');
    await page.waitForFunction(() => document.body.dataset['step'] === '12');
    const last = await page.evaluate(() => window.trainStub.kept.at(-1));
    assert.deepEqual(last, remembered);
  });

  it('tells when the process has ended, and begins anew', async () => {
    const page = await harness.openTrain({ locale: 'en' });
    await press(page, strings.start);
    await page.waitForFunction(() => Number(document.body.dataset['step']) > 2);
    await page.evaluate(() => window.trainStub.die());
    await page.getByRole('alert').getByText(strings.died).waitFor();
    await press(page, strings.reset);
    await stateIs(page, 'paused');
    await trainTo(page, 1);
  });
});
