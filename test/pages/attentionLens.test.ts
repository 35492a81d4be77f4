import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { frames, hoverCell, readout } from './gestures';
import { usePages } from './usePages';
import { type Scenario, madeUpHead, sentence } from './madeUpRun';

/** Ways of looking at the same weights; every number is worked out here from the made-up attention. */

const scenario: Scenario = { words: sentence, layers: 4, heads: 6 };
const ready = { kind: 'ready', scenario } as const;
const saved = { layer: 1, head: 2 };
const n = sentence.length;
const weight = (layer: number, head: number, query: number, key: number): number =>
  madeUpHead(scenario, layer, head)[query * n + key]!;

describe('the lens of the attention page', function () {
  this.timeout(30_000);
  const harness = usePages();

  const press = async (page: Page, label: string): Promise<void> => {
    await page.getByRole('button', { name: label, exact: true }).click();
    await frames(page);
  };
  const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.stub.calls);
  const chips = (page: Page): Promise<string[]> => page.locator('.strip .chip').allTextContents();

  it('hides special tokens and punctuation, and makes rows distributions again', async () => {
    const page = await harness.open({ state: ready, saved });
    await press(page, strings.hideSpecial);
    await press(page, strings.hidePunctuation);
    const kept = [...sentence.keys()].filter(
      (index) => !['[CLS]', '[SEP]', ',', '.'].includes(sentence[index]!),
    );
    assert.equal((await chips(page)).length, kept.length);
    assert.ok((await calls(page)).includes(`thumbnails ${kept.length}`));
    const sum = kept.reduce((total, key) => total + weight(1, 2, kept[3]!, key), 0);
    await hoverCell(page, 3, 5, kept.length);
    const expected = weight(1, 2, kept[3]!, kept[5]!);
    assert.ok((await readout(page)).endsWith((expected / sum).toFixed(4)), await readout(page));
    await press(page, strings.renormalise);
    await hoverCell(page, 3, 5, kept.length);
    assert.ok((await readout(page)).endsWith(expected.toFixed(4)), await readout(page));
  });

  it('keeps a pin on its token when others are hidden, and releases it with its token', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.locator('#token-2').click();
    await press(page, strings.hideFirst);
    assert.match((await page.locator('.chip.pinned').textContent()) ?? '', /cat/);
    await press(page, strings.hideFirst);
    await page.locator('#token-2').click();
    await page.locator('#token-0').click();
    await press(page, strings.hideSpecial);
    assert.equal(await page.locator('.chip.pinned').count(), 0);
  });

  it('joins the tokens of a word: summed as keys, averaged as queries', async () => {
    const page = await harness.open({ state: ready, saved });
    await press(page, strings.words);
    const at = sentence.indexOf('tire');
    assert.equal((await chips(page)).length, n - 1);
    assert.equal((await chips(page))[at], 'tired');
    await hoverCell(page, at, at, n - 1);
    const pair = [at, at + 1];
    const expected = pair.flatMap((q) => pair.map((k) => weight(1, 2, q, k))).reduce((a, b) => a + b, 0) / 2;
    assert.ok((await readout(page)).endsWith(expected.toFixed(4)), await readout(page));
  });

  it('shows the mean of chosen heads and goes back with a plain click', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.locator('.cell[data-index="0"]').click({ modifiers: ['Control'] });
    await page.waitForSelector('.cell.chosen');
    assert.ok((await calls(page)).includes('mean 2'));
    await frames(page);
    await hoverCell(page, 4, 7, n);
    const mean = (weight(1, 2, 4, 7) + weight(0, 0, 4, 7)) / 2;
    assert.ok((await readout(page)).endsWith(mean.toFixed(4)), await readout(page));
    await page.locator('.cell[data-index="3"]').click();
    await frames(page);
    assert.equal(await page.locator('.cell.chosen').count(), 0);
  });

  it('draws nothing below the threshold', async () => {
    const page = await harness.open({ state: ready, saved });
    const slider = page.locator('.threshold input');
    await slider.fill('0.3');
    await frames(page);
    assert.equal(await page.locator('.threshold output').textContent(), '0.30');
    const weak = [...Array(n).keys()].find((key) => weight(1, 2, 4, key) < 0.3)!;
    await hoverCell(page, 4, weak, n);
    assert.ok((await readout(page)).endsWith((0).toFixed(4)), await readout(page));
  });

  it('ranks heads by what they do, sorts all by it, and opens one', async () => {
    const page = await harness.open({ state: ready, saved });
    await press(page, strings.patternsTab);
    const previous = page.locator('.patterns li').first();
    const score = (layer: number, head: number): number =>
      [...Array(n - 1).keys()].reduce((sum, q) => sum + weight(layer, head, q + 1, q), 0) / (n - 1);
    const ranked = [...Array(24).keys()].sort(
      (a, b) => score(Math.floor(b / 6), b % 6) - score(Math.floor(a / 6), a % 6),
    );
    const [best = 0] = ranked;
    const chip = previous.locator('.chip-head').first();
    assert.match((await chip.textContent()) ?? '', new RegExp(`${Math.floor(best / 6)}\\.${best % 6}`));
    await press(page, strings.patternPrevious);
    const order = await page
      .locator('.overview-grid .cell')
      .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['index'])));
    assert.deepEqual(order, ranked);
    await chip.click();
    await frames(page);
    assert.equal(await page.locator('.cell.current').getAttribute('data-index'), String(best));
    await press(page, strings.unsort);
    assert.equal(await page.locator('.overview-grid .cell').first().getAttribute('data-index'), '0');
  });

  it('tests for induction when asked', async () => {
    const page = await harness.open({ state: ready, saved });
    await press(page, strings.patternsTab);
    await press(page, strings.testInduction);
    await page.getByText(strings.onRandomTokens.replace('{0}', strings.patternInduction)).waitFor();
    assert.ok((await calls(page)).includes('induction'));
  });

  it('shows what the model expects at a token that is double-clicked', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.locator('#token-4').dblclick();
    await page.getByText(strings.expectedInPlace.replace('{0}', 'on')).waitFor();
    assert.ok((await calls(page)).includes('predict 4 1'));
    assert.equal(await page.locator('.predictions li').count(), 3);
    assert.match((await page.locator('.predictions .actual').textContent()) ?? '', /word1\s*25\.00%/);
    assert.equal(await page.locator('.chip.pinned').getAttribute('id'), 'token-4');
    await page.locator('#token-6').click();
    await page.getByRole('button', { name: strings.predictInPlace.replace('{0}', 'mat') }).click();
    await page.getByText(strings.expectedInPlace.replace('{0}', 'mat')).waitFor();
  });

  it('shows the model’s own probabilities beside what sampling makes of them', async () => {
    const causal = { kind: 'ready', scenario: { ...scenario, causal: true } } as const;
    const page = await harness.open({ state: causal, saved });
    await page.locator('#token-4').dblclick();
    await page.getByText(strings.expectedAfter.replace('{0}', 'on')).waitFor();
    await page.getByLabel(strings.temperature).fill('2');
    await page.getByLabel(strings.temperature).press('Enter');
    await page.getByText(strings.drawnColumn).waitFor();
    const [first = ''] = await page.locator('.predictions li').allTextContents();
    assert.match(first, /50\.00%\s*25\.00%/);
  });

  it('lets the text be edited in place', async () => {
    const page = await harness.open({ state: ready, saved });
    await press(page, strings.editText);
    const area = page.getByRole('textbox', { name: strings.editText });
    assert.equal(await area.inputValue(), sentence.join(' '));
    await area.fill('The dog sat.');
    await area.press('Control+Enter');
    await page.waitForFunction(() => window.stub.calls.includes('analyse The dog sat.'));
    await area.press('Escape');
    assert.equal(await area.count(), 0);
  });

  it('remembers how one looked', async () => {
    const lens = {
      combination: 'head',
      chosen: [],
      hidden: ['special'],
      renormalise: true,
      byWord: true,
      threshold: 0.1,
    };
    const page = await harness.open({ state: ready, saved: { ...saved, lens } });
    assert.equal((await chips(page)).length, n - 3);
    const broken = await harness.open({
      state: ready,
      saved: { ...saved, lens: { hidden: 7, threshold: 'x' } },
    });
    assert.equal((await chips(broken)).length, n);
  });
});
