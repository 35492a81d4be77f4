import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import {
  type AttentionStrings,
  attentionStringsEnglish as strings,
} from '../../src/protocol/attentionStrings';
import { violations } from './axe';
import { type OpenOptions } from './harness';
import { usePages } from './usePages';
import { type Scenario, scene, sentence, translation } from './madeUpRun';

/** “Effects” of the attention page: parts that are switched off, and what that changes. */

const scenario: Scenario = { words: sentence, layers: 3, heads: 4, causal: true };

describe('effects', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = async (shown: Scenario, options: Partial<OpenOptions> = {}): Promise<Page> => {
    const page = await harness.open({ state: { kind: 'ready', scenario: shown }, ...options });
    await page.getByRole('button', { name: (options.strings ?? strings).effectsTab, exact: true }).click();
    return page;
  };
  const called = async (page: Page, part: string): Promise<void> => {
    await page.waitForFunction((wanted) => window.stub.calls.some((call) => call.includes(wanted)), part);
  };
  const measured = (page: Page): Promise<string[]> => page.locator('.answer .measure td').allInnerTexts();

  it('measures heads and words, and switches them off by pointer and keyboard, step by step back', async () => {
    const page = await open(scenario);
    const cells = page.locator('.causes .map-cell');
    await cells.nth(11).waitFor();
    assert.equal(await cells.count(), 12);
    assert.equal(await cells.nth(3).getAttribute('title'), 'Layer 0, head 3: −3.00');
    assert.equal(await page.locator('.causes .map-layer').nth(2).innerText(), '+2.00');
    assert.equal(
      await page.locator('.direct .map-cell').nth(3).getAttribute('title'),
      'Layer 0, head 3: −1.50',
    );
    await page.getByText('Heads together −3.00; embeddings, feed-forward layers and biases +1.00.').waitFor();
    assert.equal(await page.locator('.ranked tbody button.link').first().innerText(), '0/3');
    assert.deepEqual(await page.locator('.ranked tbody tr').first().locator('td.number').allInnerTexts(), [
      '−3.00',
      '−1.50',
    ]);
    // Opposite signs, and nothing, have colours of their own.
    const colours = await cells.evaluateAll((all) =>
      all.map((cell) => getComputedStyle(cell).backgroundColor),
    );
    assert.equal(new Set([colours[1], colours[4], colours[0]]).size, 3);
    assert.deepEqual(await measured(page), ['+4.00', '+4.00']);

    await cells.nth(3).click();
    await called(page, '"heads":[{"layer":0,"head":3}],"keys":[]');
    await page.getByText('Changed: 1 heads, 0 tokens.').waitFor();
    await page.waitForFunction(
      () => document.querySelectorAll('.answer .measure td')[1]?.textContent === '+3.00',
    );
    assert.equal(await cells.nth(3).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.getByText('Changed: 2 heads, 0 tokens.').waitFor();
    await page.locator('.values h2', { hasText: 'layer 1, head 2' }).waitFor();
    await page.locator('.word').nth(2).click();
    await page.getByText('Changed: 2 heads, 1 tokens.').waitFor();
    await page.getByRole('button', { name: strings.effectsUndo }).click();
    await page.getByText('Changed: 2 heads, 0 tokens.').waitFor();
    await page.locator('.causes .map-layer').first().click();
    await page.getByText('Changed: 5 heads, 0 tokens.').waitFor();
    await page.getByRole('button', { name: strings.effectsReset }).click();
    await page.getByText(strings.effectsNothingOff).waitFor();
    assert.equal(
      await page.locator('.values tbody tr').first().locator('td').first().innerText(),
      ((sentence.length - 1) / 10).toFixed(4),
    );
    assert.deepEqual(harness.problems, []);
  });

  it('asks about other answers, other changes and another text, and says what cannot be', async () => {
    const page = await open(scenario);
    await page.getByLabel(strings.effectsContrast, { exact: true }).selectOption('2');
    await page.getByText('Logit of “·word0” minus that of “·word2”: +4.00').waitFor();
    const field = page.getByLabel(`${strings.effectsTarget}: ${strings.effectsTokenInput}`);
    await field.fill('nothing');
    await field.press('Enter');
    await page.getByRole('alert').getByText('“nothing” is not one token of this model.').waitFor();
    await field.fill('word7');
    await field.press('Enter');
    await page.getByText('Logit of “·word7” minus that of “·word2”: +4.00').waitFor();
    await page.getByLabel(strings.effectsChange).selectOption('mean');
    await called(page, '"change":"mean"');
    await page.getByText(/rough stand-in/).waitFor();
    await page.getByLabel(strings.effectsOnlyHere).check();
    await called(page, '"onlyAtPosition":true');
    await page.getByLabel(strings.effectsChange).selectOption('otherOutput');
    await page.getByText(strings.effectsNeedsOther).waitFor();
    await page.getByLabel(strings.effectsOtherText).fill('another text');
    await page.getByLabel(strings.effectsOtherText).press('Tab');
    await page.getByRole('alert').getByText('It must have as many tokens as the text: 3 : 9.').waitFor();
    await page.getByLabel(strings.effectsPlaceCausal).selectOption('4');
    await called(page, '"position":4');
    await page.waitForFunction(() => document.querySelectorAll('.word').length === 5);
  });

  it('shows progress, stops, and tells why a model has no effects', async () => {
    const page = await open(scenario);
    await page.locator('.causes .map').waitFor();
    await page.evaluate(() => (window.stub.effects = 'slow'));
    await page.getByLabel(strings.effectsChange).selectOption('uniform');
    await page.locator('.causes .waiting', { hasText: '1 of 3' }).waitFor();
    await page.locator('.causes .waiting').getByRole('button', { name: strings.effectsCancel }).click();
    await page.getByRole('button', { name: 'Measure all 12 heads' }).waitFor();
    await page.evaluate(() => (window.stub.effects = 'onnx/model.onnx: Attention'));
    await page.getByLabel(strings.effectsPlaceCausal).selectOption('3');
    await page.getByRole('alert').getByText('onnx/model.onnx: Attention').waitFor();

    const masked = await open({ ...scenario, causal: false });
    await masked.getByText(strings.effectsDirectPostNorm).waitFor();
    await masked.getByText(strings.effectsExampleNeedsGpt).waitFor();
    const stacked = await open(translation);
    await stacked.getByText(strings.effectsNeedsOneStack).waitFor();
    const image = await open(scene);
    await image.getByText(strings.effectsNeedsText).waitFor();
  });

  it('measures the examples and says openly which the model cannot do', async () => {
    const page = await open(scenario, { theme: 'highContrast', height: 1400 });
    const [ioi, words] = [page.locator('.example').first(), page.locator('.example').last()];
    await ioi.getByRole('button', { name: 'Measure on 32 prompts' }).click();
    await ioi.getByText(strings.effectsExampleFails).waitFor();
    await ioi.getByText(/in 12 of 32 prompts \(16 by chance\)/).waitFor();
    await words.getByRole('button', { name: 'Measure on 32 prompts' }).click();
    await words.getByText('Largest direct contributions on average: 0/1 (+1.00), 1/1 (+0.50).').waitFor();
    await words.getByText('Work against it: 1/0 (−1.00).').waitFor();
    await words.getByRole('button', { name: strings.effectsExampleOpen }).click();
    await called(page, 'example words');
    assert.deepEqual(await violations(page), []);
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
    await page.locator('.causes .map').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 300, `${width} pixels`);
    assert.doesNotMatch(await page.locator('.effects-view').innerText(), /[a-z]{4,} [a-z]{3,} [a-z]{3,}/);
  });
});
