import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { frames, readout } from './gestures';
import { usePages } from './usePages';
import { madeUpHead, madeUpStack, pair, sentence, translation } from './madeUpRun';

/** Two texts at once, several pins, three stacks; every number is worked out here from the made-up attention. */
describe('texts of the attention page', function () {
  this.timeout(30_000);
  const harness = usePages();

  const saved = { layer: 1, head: 2 };
  const press = async (page: Page, label: string): Promise<void> => {
    await page.getByRole('button', { name: label, exact: true }).click();
    await page.waitForSelector('.plots:not(.stale)');
    await frames(page);
  };
  const numbers = (page: Page): Promise<string[]> => page.locator('.ranks .number').allTextContents();
  const strongest = (weights: readonly number[]): string[] =>
    [...weights]
      .sort((a, b) => b - a)
      .slice(0, 10)
      .map((weight) => weight.toFixed(4));
  const four = (text: string): string => text.slice(-6);

  describe('a sentence pair', () => {
    const n = pair.words.length;
    const border = pair.secondFrom ?? 0;
    const head = madeUpHead(pair, 1, 2);
    const at = (query: number, key: number): number => head[query * n + key]!;
    const range = (from: number, to: number): number[] => [...Array(to - from).keys()].map((i) => i + from);

    it('can be looked at in each direction, and rows keep their share', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: pair }, saved });
      for (const [label, queries, keys] of [
        ['A→B', range(0, border), range(border, n)],
        ['B→A', range(border, n), range(0, border)],
        ['A→A', range(0, border), range(0, border)],
        ['B→B', range(border, n), range(border, n)],
      ] as const) {
        await press(page, label);
        const query = queries[3]!;
        await page.locator(`#token-${query}`).hover();
        await frames(page);
        const shown = (await numbers(page)).slice(0, Math.min(10, keys.length));
        assert.deepEqual(shown, strongest(keys.map((key) => at(query, key))), label);
      }
      await press(page, strings.directionAll);
      const ask = await page.evaluate(() =>
        window.stub.calls.filter((call) => call.startsWith('thumbnails')),
      );
      assert.deepEqual(ask, ['thumbnails 9', 'thumbnails 7', 'thumbnails 9', 'thumbnails 7']);
    });

    it('renormalises over both texts before a direction is taken out', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: pair }, saved });
      await press(page, strings.hideSpecial);
      await press(page, 'A→B');
      const kept = range(0, n).filter((index) => !pair.words[index]!.startsWith('['));
      const sum = kept.reduce((total, key) => total + at(2, key), 0);
      const keys = kept.filter((key) => key >= border);
      await page.locator('#token-1').hover();
      await frames(page);
      const expected = strongest(keys.map((key) => at(2, key) / sum));
      assert.deepEqual((await numbers(page)).slice(0, expected.length), expected);
    });

    it('says who attends to a token that is no query', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: pair }, saved });
      await press(page, 'A→B');
      await page.locator(`#token-${border + 1}`).hover();
      assert.match(await readout(page), /“was” \(position 10\) is attended to most by/);
      const expected = strongest(range(0, border).map((query) => at(query, border + 1)));
      assert.deepEqual((await numbers(page)).slice(0, expected.length), expected);
    });

    it('is typed in as two texts, or split', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: pair }, saved });
      await press(page, strings.editText);
      const [first, second] = [
        page.getByRole('textbox', { name: strings.editText }),
        page.getByRole('textbox', { name: strings.secondText }),
      ];
      await first.fill('The dog slept. It was old.');
      await press(page, strings.splitText);
      assert.equal(await first.inputValue(), 'The dog slept.');
      assert.equal(await second.inputValue(), 'It was old.');
      await second.press('Control+Enter');
      await page.waitForFunction(() => window.stub.calls.includes('analyse The dog slept. | It was old.'));
    });
  });

  describe('several pinned tokens', () => {
    const scenario = { words: sentence, layers: 3, heads: 4 };
    const n = sentence.length;
    const head = madeUpHead(scenario, 1, 2);
    const row = (query: number): number[] => [...head.slice(query * n, (query + 1) * n)];

    it('are joined as mean or sum', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario }, saved });
      await page.locator('#token-2').click();
      await page.locator('#token-9').click({ modifiers: ['Shift'] });
      await page.mouse.move(2, 2);
      await frames(page);
      assert.equal(await page.locator('.chip.pinned').count(), 2);
      const sum = row(2).map((weight, key) => weight + row(9)[key]!);
      assert.deepEqual(await numbers(page), strongest(sum.map((weight) => weight / 2)));
      await press(page, strings.pinsSum);
      assert.deepEqual(await numbers(page), strongest(sum));
      await page.locator('#token-4').hover();
      const text = await readout(page);
      assert.match(text, /cat, cat.*“on” \(position 4\), sum/);
      assert.equal(four(text), sum[4]!.toFixed(4));
      await page.locator('#token-2').click({ modifiers: ['Control'] });
      await frames(page);
      assert.equal(await page.locator('.chip.pinned').getAttribute('id'), 'token-9');
    });

    it('can be pinned with the keyboard, and come back after a restart', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario }, saved });
      await page.locator('.strip').focus();
      for (const key of ['ArrowRight', 'Enter', 'ArrowRight', 'ArrowRight', 'Control+Enter']) {
        await page.keyboard.press(key);
      }
      await frames(page);
      const kept = await page.evaluate(() => window.stub.saved);
      const again = await harness.open({ state: { kind: 'ready', scenario }, saved: kept });
      await frames(again);
      const ids = await again.locator('.chip.pinned').evaluateAll((chips) => chips.map((chip) => chip.id));
      assert.deepEqual(ids, ['token-0', 'token-2']);
      await again.keyboard.press('Escape');
      await frames(again);
      assert.equal(await again.locator('.chip.pinned').count(), 0);
    });
  });

  describe('a translation', () => {
    const border = translation.secondFrom ?? 0;
    const weights = madeUpStack(translation, 'cross', 1, 2);

    it('opens with cross attention: rows of the target, columns of the source', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: translation }, saved });
      assert.match((await page.locator('.notices').textContent()) ?? '', /猫/);
      await page.locator(`#token-${border + 2}`).hover();
      await frames(page);
      const row = [...weights.slice(2 * border, 3 * border)];
      assert.deepEqual((await numbers(page)).slice(0, border), strongest(row));
      assert.match(await readout(page), /“现在” \(position 2\) attends most to/);
      // Who attends to a source token: a column.
      await page.locator('#token-1').hover();
      assert.match(await readout(page), /“cat” \(position 1\) is attended to most by/);
    });

    it('moves a cell cursor over rows and columns of their own', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: translation }, saved });
      await page.locator('.matrix').focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'End']) {
        await page.keyboard.press(key);
      }
      await frames(page);
      const text = (await page.locator('[aria-live=polite]').textContent()) ?? '';
      assert.match(text, /“猫” \(position 1\).*“\[\/s\]” \(position 8\)/);
      assert.equal(four(text), weights[1 * border + border - 1]!.toFixed(4));
    });

    it('switches between the stacks; the other text stands back', async () => {
      const page = await harness.open({ state: { kind: 'ready', scenario: translation }, saved });
      await press(page, strings.stackEncoder);
      assert.equal(await page.locator('.chip.aside').count(), translation.words.length - border);
      const encoder = madeUpStack(translation, 'encoder', 1, 2);
      await page.locator('#token-3').hover();
      await frames(page);
      assert.deepEqual(
        (await numbers(page)).slice(0, border),
        strongest([...encoder.slice(3 * border, 4 * border)]),
      );
      await press(page, strings.stackDecoder);
      assert.equal(await page.locator('.chip.aside').count(), border);
      const decoder = madeUpStack(translation, 'decoder', 1, 2);
      const size = translation.words.length - border;
      await page.locator(`#token-${border + 3}`).hover();
      await frames(page);
      const expected = strongest([...decoder.slice(3 * size, 4 * size)]);
      assert.deepEqual((await numbers(page)).slice(0, size), expected);
    });
  });
});
