import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import {
  type AttentionStrings,
  attentionStringsEnglish as strings,
} from '../../src/protocol/attentionStrings';
import { type OpenOptions } from './harness';
import { usePages } from './usePages';
import { madeUpLayer } from './madeUpLayer';
import { type Scenario, sentence, translation } from './madeUpRun';

/** The parts of a layer in “One number”: the map, the steps behind attention, positions. */

const scenario: Scenario = { words: sentence, layers: 3, heads: 4 };

describe('the parts of a layer', function () {
  this.timeout(30_000);
  const harness = usePages();

  const open = async (shown: Scenario, options: Partial<OpenOptions> = {}): Promise<Page> => {
    const page = await harness.open({ state: { kind: 'ready', scenario: shown }, ...options });
    const { numberTab } = options.strings ?? strings;
    await page.getByRole('button', { name: numberTab, exact: true }).click();
    await page.locator('.block-map').waitFor();
    return page;
  };
  const partsOf = (page: Page): Promise<string[]> =>
    page
      .locator('.block-map .part')
      .evaluateAll((parts) => parts.map((part) => (part as HTMLElement).dataset['part'] ?? ''));
  const part = (page: Page, name: string): ReturnType<Page['locator']> =>
    page.locator(`.block-map [data-part="${name}"]`);

  it('opens every step from the map, by keyboard, with the numbers of one step before', async () => {
    const page = await open(scenario);
    const wanted = ['positions', 'weights:self', 'heads:self', 'add:self', 'norm:self'];
    await part(page, 'norm:feedForward').waitFor();
    assert.deepEqual(await partsOf(page), [...wanted, 'forward', 'add:feedForward', 'norm:feedForward']);
    assert.equal(await part(page, 'weights:self').getAttribute('aria-current'), 'step');
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('4');
    await part(page, 'heads:self').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-step="heads:self"] .head-bars').waitFor();
    assert.equal(await page.locator('.steps').count(), 0);
    await page.locator('.dimension input').fill('7');
    await page.keyboard.press('Enter');
    const call = (await page.evaluate(() => window.stub.calls)).filter((each) => each.startsWith('steps'));
    const layer = Number(/steps (\d+) 4/.exec(call.at(-1) ?? '')?.[1]);
    const steps = madeUpLayer({ runId: 1, layer, query: 4, dimension: 7 }, 4, 'post');
    const shares = new Float32Array(steps.sublayers[0]!.shares!.shares);
    const bias = new Float32Array(steps.sublayers[0]!.shares!.bias!);
    const text = (value: number): string => value.toFixed(4).replace('-', '−');
    const found = new Float32Array(steps.sublayers[0]!.result.found)[7]!;
    await page
      .locator('.formula-line')
      .getByText(` = ${text(found)}`)
      .waitFor();
    const terms = [...[0, 1, 2, 3].map((head) => shares[head * steps.width + 7]!), bias[7]!];
    const formula = (await page.locator('.formula-line').innerText()).split(' = ')[0]!;
    assert.deepEqual(
      formula.split(' + ').map((term) => term.replace(/[()]/g, '')),
      terms.map(text),
    );
    const recomputed = await page.locator('.part-step dd').first().innerText();
    assert.equal(recomputed, found.toFixed(6).replace('-', '−'));
    for (const name of ['add:self', 'norm:self', 'forward', 'add:feedForward', 'norm:feedForward']) {
      await page.locator('.walk button').last().focus();
      await page.keyboard.press('Enter');
      await page.locator(`[data-step="${name}"]`).waitFor();
      assert.equal(await part(page, name).getAttribute('aria-current'), 'step');
    }
    // The last one also tells what leaves the layer.
    await page.getByRole('heading', { name: strings.stepsOutput }).waitFor();
    await page.locator('.part-step .step-head .link').click();
    await page.waitForFunction(() => window.stub.calls.at(-1) === 'code norm');
  });

  it('draws layers with the norm in front, says how a file rounds and what it cannot read', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario: { ...scenario, causal: true } } });
    await page.evaluate(() => (window.stub.layerCase = 'rounds'));
    await page.getByRole('button', { name: strings.numberTab, exact: true }).click();
    await part(page, 'add:feedForward').waitFor();
    const pre = ['positions', 'norm:self', 'weights:self', 'heads:self', 'add:self'];
    assert.deepEqual(await partsOf(page), [...pre, 'norm:feedForward', 'forward', 'add:feedForward']);
    assert.equal(await part(page, 'weights:self').innerText(), strings.stepsMasked);
    await page.getByText(strings.stepsRounds).waitFor();
    await page.evaluate(() => (window.stub.layerCase = 'gap'));
    await part(page, 'heads:self').click();
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('4');
    await page.getByText(strings.stepsGapWeights).waitFor();
    await page.evaluate(() => (window.stub.layerCase = 'failed'));
    await page.getByLabel(strings.numberQuery, { exact: true }).selectOption('5');
    await page.getByRole('alert').getByText(strings.stepsFailed).waitFor();
    await page.evaluate(() => (window.stub.layerCase = 'pre'));
    await page.getByRole('alert').getByRole('button', { name: strings.retry }).click();
    await page.locator('.head-bars').waitFor();
  });

  it('goes from stack to stack of an encoder-decoder by its map', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario: translation } });
    await page.getByRole('button', { name: strings.numberTab, exact: true }).click();
    await page.evaluate(() => (window.stub.layerCase = 'cross'));
    await page.locator('.layer-steps').getByRole('button', { name: strings.stackDecoder }).click();
    await part(page, 'weights:cross').waitFor();
    await page.locator('.steps').waitFor();
    await part(page, 'weights:cross').click();
    await page.waitForFunction(
      () => document.querySelector('[data-part="weights:cross"]')?.getAttribute('aria-current') === 'step',
    );
    await page.locator('.steps').waitFor();
  });

  it('pictures positions of each kind, and the head without them', async () => {
    const page = await open(scenario);
    await part(page, 'positions').click();
    await page.getByRole('heading', { name: strings.stepsWithout }).waitFor();
    assert.equal(await page.locator('.heat canvas').count(), 3);
    assert.equal(await page.locator('.distance svg').count(), 2);
    const links = page.locator('.part-step p .link', { hasText: '%' });
    let last = '';
    for (const [kind, sentenceOf] of [
      ['relative', strings.stepsRelative],
      ['sinusoidal', strings.stepsSinusoidal],
      ['none', strings.stepsKeptNone],
    ] as const) {
      await page.evaluate((next) => (window.stub.positions = next), kind);
      const names = await links.allInnerTexts();
      const place = names.findIndex((name) => name.split(':')[0] !== last);
      last = names[place]!.split(':')[0]!;
      const [layer, head] = last.match(/\d+/g) ?? [];
      await links.nth(place).click();
      await page.waitForFunction((call) => window.stub.calls.includes(call), `positions ${layer} ${head}`);
      await page.locator('.part-step').getByText(sentenceOf).waitFor();
    }
  });

  it('fits 300 pixels, in Chinese and in high contrast', async () => {
    const bundle = JSON.parse(await readFile('media/l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<
      string,
      string
    >;
    const chinese = Object.fromEntries(
      Object.entries(strings).map(([key, english]) => [key, bundle[english] ?? english]),
    ) as AttentionStrings;
    const page = await open(scenario, {
      ...{ strings: chinese, locale: 'zh-cn', width: 300, height: 700, theme: 'highContrast' },
    });
    for (const name of ['positions', 'heads:self', 'forward', 'norm:feedForward']) {
      await part(page, name).click();
      await page.locator(`[data-step="${name}"] h3`).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 300, `${name}: ${width} pixels`);
      assert.doesNotMatch(await page.locator('.part-step').innerText(), /[a-z]{4,} [a-z]{3,}/i);
    }
  });
});
