import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import {
  type AttentionStrings,
  attentionStringsEnglish as strings,
} from '../../src/protocol/attentionStrings';
import { hoverCell } from './gestures';
import { type OpenOptions } from './harness';
import { usePages } from './usePages';
import { madeUpNumber } from './madeUpNumber';
import { type Scenario, scene, sentence } from './madeUpRun';

/** “One number” of the attention page: a weight taken apart. */

const scenario: Scenario = { words: sentence, layers: 3, heads: 4 };
const n = sentence.length;

describe('one number', function () {
  this.timeout(30_000);
  const harness = usePages();

  const open = async (shown: Scenario, options: Partial<OpenOptions> = {}): Promise<Page> => {
    const page = await harness.open({ state: { kind: 'ready', scenario: shown }, ...options });
    const { numberTab } = options.strings ?? strings;
    await page.getByRole('button', { name: numberTab, exact: true }).click();
    return page;
  };
  const asked = async (page: Page): Promise<string[]> =>
    (await page.evaluate(() => window.stub.calls)).filter((call) => call.startsWith('explain'));
  /** Waits for what the page asks or does last: messages take a moment. */
  const called = async (page: Page, call: RegExp): Promise<string> => {
    await page.waitForFunction(
      (source) => new RegExp(source).test(window.stub.calls.at(-1) ?? ''),
      call.source,
    );
    return (await page.evaluate(() => window.stub.calls)).at(-1) ?? '';
  };
  /** Waits until a query and a key are on show. */
  const shows = async (page: Page, query: number, key: number): Promise<void> => {
    await page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll<HTMLSelectElement>('.number-choosers select')]
          .map(({ value }) => value)
          .join() === wanted,
      `${query},${key}`,
    );
  };
  const step = (page: Page, name: string): Locator => page.locator(`.steps li[data-step="${name}"]`);

  it('costs nothing until it is opened, and then takes the strongest weight apart', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario } });
    await hoverCell(page, 3, 2, n);
    await page.mouse.move(0, 0);
    assert.deepEqual(await asked(page), []);
    await page.getByRole('button', { name: strings.numberTab, exact: true }).click();
    await page.locator('.steps').waitFor();
    assert.equal((await asked(page)).length, 1);
    assert.equal(await page.locator('.steps > li').count(), 6);
  });

  it('follows the pointer, keeps the cell that is clicked and lets it go with Escape', async () => {
    const page = await open(scenario);
    await hoverCell(page, 5, 2, n);
    await shows(page, 5, 2);
    await page.mouse.down();
    await page.mouse.up();
    await hoverCell(page, 7, 1, n);
    await shows(page, 5, 2);
    await page.keyboard.press('Escape');
    await hoverCell(page, 8, 3, n);
    await shows(page, 8, 3);
    await page.mouse.move(0, 0);
    await shows(page, 8, 3);
  });

  it('shows every step with its numbers', async () => {
    const page = await open(scenario);
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('4');
    await page.getByLabel(strings.numberKey, { exact: true }).selectOption('6');
    const call = await called(page, /^explain .* 4 6$/);
    const [layer = 0, head = 0] = (call.match(/\d+/g) ?? []).map(Number);
    await page.locator('h2', { hasText: `“${sentence[4]}”` }).waitFor();
    const wanted = madeUpNumber({ runId: 1, layer, head, query: 4, key: 6 }, n, false, 'plain');
    const text = (value: number): string => value.toFixed(4).replace('-', '−');
    const heading = (name: string): Promise<string> => step(page, name).locator('h3').innerText();
    assert.equal(await heading('product'), `${strings.numberProducts} = ${text(wanted.score)}`);
    const scaled = text(wanted.score / 4);
    assert.equal(await heading('scale'), `${strings.numberScale} ${text(wanted.score)} ÷ √16 = ${scaled}`);
    assert.equal(await heading('mask'), `${strings.numberMask} ${scaled} + 0 = ${scaled}`);
    assert.ok((await heading('softmax')).endsWith(` = ${text(wanted.weight)}`));
    assert.equal(await step(page, 'weight').locator('dd').first().innerText(), wanted.weight.toFixed(7));
    assert.match(await step(page, 'weight').locator('p').innerText(), /agree up to rounding/);
    const bars = step(page, 'product').locator('rect');
    assert.equal(await bars.count(), 16);
    const products = [...new Float32Array(wanted.products)];
    assert.equal(
      await step(page, 'product').locator('rect.negative').count(),
      products.filter((product) => product < 0).length,
    );
    await step(page, 'product').locator('summary').click();
    const cells = await step(page, 'product').locator('tbody tr').nth(3).locator('td').allInnerTexts();
    assert.equal(cells[2], text(products[3]!));
    assert.equal(await page.locator('.terms li').count(), 5);
    assert.equal(await page.locator('.terms .pair').first().innerText(), sentence[wanted.terms[0]!.key]);
  });

  it('goes by keyboard alone: from the cell cursor to the code of a step', async () => {
    const page = await open(scenario);
    await page.locator('.plot.matrix').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) {
      await page.keyboard.press(key);
    }
    await shows(page, 1, 1);
    await page.getByLabel(strings.numberKey, { exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await shows(page, 1, 2);
    for (const name of ['product', 'scale', 'mask', 'softmax', 'weight', 'values']) {
      await step(page, name).getByRole('button').focus();
      await page.keyboard.press('Enter');
    }
    await called(page, /^code values$/);
    const calls = await page.evaluate(() => window.stub.calls);
    assert.deepEqual(
      calls.filter((call) => call.startsWith('code')),
      ['product', 'scale', 'mask', 'softmax', 'weight', 'values'].map((name) => `code ${name}`),
    );
  });

  it('shows what a mask hides, and a bias by distance', async () => {
    const page = await open({ ...scenario, causal: true });
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('2');
    await page.getByLabel(strings.numberKey, { exact: true }).selectOption('5');
    await step(page, 'mask').getByText(strings.numberMaskHidden).waitFor();
    assert.match(await step(page, 'softmax').locator('h3').innerText(), /e\^\(−∞ − .* = 0$/);
    await page.evaluate(() => (window.stub.numbers = 'distance'));
    await page.getByLabel(strings.numberKey, { exact: true }).selectOption('0');
    await step(page, 'mask').getByText(strings.numberMaskDistance.replace('{0}', '−2')).waitFor();
    assert.match(await step(page, 'mask').locator('h3').innerText(), / \+ \(−0\.5000\) = /);
    await step(page, 'weight')
      .getByText(/agree up to rounding/)
      .waitFor();
  });

  it('says openly what it does not know', async () => {
    const page = await open(scenario);
    await page.evaluate(() => (window.stub.numbers = 'unknown'));
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('4');
    await step(page, 'mask')
      .getByText(/does not know, .* its own score differs/)
      .waitFor();
    await step(page, 'weight')
      .getByText(/computes something that this page does not know/)
      .waitFor();
  });

  it('says in a sentence why a model or a view has no number', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario } });
    await page.evaluate(() => (window.stub.numbers = 'hidden'));
    await page.getByRole('button', { name: strings.numberTab, exact: true }).click();
    await page.getByRole('alert').getByText(strings.numberHides).waitFor();
    await page.evaluate(() => (window.stub.numbers = 'broken'));
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('4');
    await page.getByRole('alert').getByText(strings.numberFailed).waitFor();
    await page.evaluate(() => (window.stub.numbers = 'plain'));
    await page.getByRole('alert').getByRole('button', { name: strings.retry }).click();
    await page.locator('.steps').waitFor();

    const image = await open(scene);
    await image.getByText(strings.numberNeedsText).waitFor();
  });

  it('fits 300 pixels and speaks Chinese', async () => {
    const bundle = JSON.parse(await readFile('media/l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<
      string,
      string
    >;
    const chinese = Object.fromEntries(
      Object.entries(strings).map(([key, english]) => [key, bundle[english] ?? english]),
    ) as AttentionStrings;
    const page = await open(scenario, { strings: chinese, locale: 'zh-cn', width: 300, height: 700 });
    await page.locator('.steps').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 300, `${width} pixels`);
    assert.doesNotMatch(await page.locator('.number-view').innerText(), /[a-z]{4,} [a-z]{3,}/i);
  });
});
