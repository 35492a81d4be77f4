import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { attentionShares } from '../../src/compare/attentionShares';
import { compareStringsEnglish as strings } from '../../src/protocol/compareStrings';
import { blankOf, clozeOf, readingOf, sampleText, tokensOf, weightsOf } from './compareData';
import type { CompareScenario } from './compareStub';
import { frames } from './gestures';
import { type PageOptions } from './harness';
import { usePages } from './usePages';

const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.compareStub.calls);
const called = (page: Page, call: string): Promise<unknown> =>
  page.waitForFunction((wanted) => window.compareStub.calls.includes(wanted), call);
const filled = (template: string, ...values: readonly (string | number)[]): string =>
  template.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
const percent = (share: number): string =>
  `${100 * share < 10 && share > 0 ? (100 * share).toFixed(1) : (100 * share).toFixed(0)}%`;

describe('comparison page', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = (
    scenario: CompareScenario | null = {},
    options: PageOptions & { saved?: unknown } = {},
  ): Promise<Page> => harness.openCompare({ scenario, locale: 'en', ...options });

  /** Points at a cell of a side's matrix. */
  const hover = async (page: Page, side: string, row: number, column: number): Promise<void> => {
    const canvas = page.locator(`.matrices [data-side="${side}"] .plot canvas`).first();
    await canvas.scrollIntoViewIfNeeded();
    const { left, top, cell } = await canvas.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const { left: x, top: y, cell: edge } = element.dataset;
      return { left: box.left + Number(x), top: box.top + Number(y), cell: Number(edge) };
    });
    await page.mouse.move(left + (column + 0.5) * cell, top + (row + 0.5) * cell);
    await frames(page);
  };

  it('begins with a way in when there is no text', async () => {
    const page = await open(null);
    await page.getByText(strings.useSelection).click();
    await page.getByText(strings.openSample).click();
    await called(page, 'perform openSample');
    assert.deepEqual(await calls(page), ['perform useSelection', 'perform openSample']);
  });

  it('sets both tokenisations under one another, word by word, and counts them', async () => {
    const page = await open();
    const [left, right] = [tokensOf(sampleText, 'left'), tokensOf(sampleText, 'right')];
    assert.equal(await page.locator('.chips.left .chip').count(), left.length);
    assert.equal(await page.locator('.chips.right .chip').count(), right.length);
    const because = page.getByRole('option', { name: /^because;/ });
    assert.deepEqual(await because.locator('.left .chip').allTextContents(), ['becau', 'se']);
    assert.deepEqual(await because.locator('.right .chip').allTextContents(), ['·becaus', 'e']);
    const facts = await page.locator('.facts').textContent();
    assert.ok(facts?.includes(filled(strings.tokenCounts, left.length, 2)), facts ?? '');
  });

  it('lights a word in both, tells the editor, and follows its cursor', async () => {
    const page = await open();
    const { words } = readingOf(sampleText);
    const cat = words.findIndex(({ text }) => text === 'cat');
    await page.getByRole('option', { name: /^cat;/ }).first().hover();
    await called(page, `point ${words[cat]?.start}-${words[cat]?.end}`);
    assert.equal(await page.locator(`.column.lit[data-word="${cat}"]`).count(), 1);
    await page.mouse.move(5, 400);
    await called(page, 'point nothing');
    assert.equal(await page.locator('.lit').count(), 0);
    const dog = words.findIndex(({ text }) => text === 'dog');
    await page.evaluate(
      (offset) => {
        window.compareStub.cursorAt(offset);
      },
      (words[dog]?.start ?? 0) + 1,
    );
    await page.locator(`.lit[data-word="${dog}"]`).waitFor();
    await page.evaluate(() => {
      window.compareStub.cursorAt(null);
    });
    await page.locator('.lit').waitFor({ state: 'detached' });
  });

  it('reads both models’ weight for the same two words from either matrix', async () => {
    const page = await open({}, { width: 1000 });
    const reading = readingOf(sampleText);
    await page.locator('[data-share=left] td').first().waitFor();
    // By hand: to a word the sum over its tokens, from a word the mean.
    const weight = (side: 'left' | 'right', query: number, key: number): number => {
      const n = tokensOf(sampleText, side).length;
      const weights = weightsOf(sampleText, side, 0, 0);
      const of = (word: number): number[] =>
        [...reading.wordOf[side].keys()].filter((index) => reading.wordOf[side][index] === word);
      const rows = of(query).map((row) =>
        of(key).reduce((sum, column) => sum + weights[row * n + column]!, 0),
      );
      return rows.reduce((a, b) => a + b, 0) / rows.length;
    };
    const because = reading.words.findIndex(({ text }) => text === 'because');
    const said = async (): Promise<string> => (await page.locator('.readout').textContent()) ?? '';
    for (const side of ['left', 'right']) {
      await hover(page, side, because, 1);
      const text = await said();
      assert.ok(text.includes('“because” looks at “cat”'), text);
      assert.ok(text.includes(`scope-bert ${weight('left', because, 1).toFixed(4)}`), text);
      assert.ok(text.includes(`scope-gpt ${weight('right', because, 1).toFixed(4)}`), text);
    }
    await hover(page, 'left', 1, because);
    assert.ok((await said()).includes(`scope-gpt ${strings.mayNotLook}`), await said());
  });

  it('moves a cell by arrow keys', async () => {
    const page = await open();
    await page.locator('[data-share=left] td').first().waitFor();
    await page.locator('.matrices [data-side=right] .plot').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await frames(page);
    assert.match(
      (await page.locator('.readout').textContent()) ?? '',
      /“cat” looks at “\.”.*masked: may not look/,
    );
    await page.keyboard.press('Home');
    await frames(page);
    assert.match((await page.locator('.readout').textContent()) ?? '', /“cat” looks at “The”: scope-bert \d/);
  });

  it('draws the mask on the decoder’s matrix only', async () => {
    const page = await open({}, { width: 1000 });
    await page.locator('[data-share=left] td').first().waitFor();
    await frames(page);
    /** Whether the upper right corner has lines in it: more than one colour. */
    const hatched = (side: string): Promise<boolean> =>
      page
        .locator(`.matrices [data-side="${side}"] .plot canvas`)
        .first()
        .evaluate((canvas) => {
          const element = canvas as HTMLCanvasElement;
          const { left, top, cell } = element.dataset;
          const count = Math.round((element.height - Number(top) - 2) / Number(cell));
          const x = Number(left) + (count - 1) * Number(cell);
          const pixels = element
            .getContext('2d')
            ?.getImageData(x + 1, Number(top) + 1, Number(cell) - 2, Number(cell) - 2);
          const colours = new Set<number>();
          const data = pixels?.data ?? [];
          for (let index = 0; index < data.length; index += 4) {
            colours.add((data[index]! << 16) | (data[index + 1]! << 8) | data[index + 2]!);
          }
          return colours.size > 1;
        });
    assert.equal(await hatched('left'), false);
    assert.equal(await hatched('right'), true);
    const sees = await page.locator('.sees').allTextContents();
    const [m, n] = [tokensOf(sampleText, 'left').length, tokensOf(sampleText, 'right').length];
    assert.equal(sees[0]?.trim(), filled(strings.seesAll, m, m * m));
    assert.equal(sees[1]?.trim(), filled(strings.seesPast, (n * (n + 1)) / 2, n * n));
  });

  it('says where the head’s attention goes, by its weights', async () => {
    const page = await open();
    await page.locator('[data-share=right] td').nth(1).waitFor();
    const shares = (['left', 'right'] as const).map((side) =>
      attentionShares(weightsOf(sampleText, side, 0, 0), tokensOf(sampleText, side).length),
    );
    for (const share of ['left', 'self', 'right', 'first'] as const) {
      const cells = await page.locator(`tr[data-share=${share}] td .measure`).allTextContents();
      assert.deepEqual(
        cells.map((cell) => cell.trim()),
        shares.map((each) => percent(each[share])),
      );
    }
    assert.equal(shares[1]?.right, 0);
  });

  it('links layer and head, clips them to each model, and remembers them', async () => {
    const page = await open();
    await page.getByLabel(strings.layer, { exact: true }).selectOption('3');
    const right = page.locator('.matrices [data-side=right]');
    await right.getByText(/its last: it has 3 layers of 6 heads/).waitFor();
    await right.getByRole('radio', { name: filled(strings.headName, 1, 5) }).click();
    const left = page.locator('.matrices [data-side=left]');
    await left.getByText(/its last: it has 4 layers of 4 heads/).waitFor();
    assert.equal(
      await left.getByRole('radio', { name: filled(strings.headName, 1, 3) }).getAttribute('aria-checked'),
      'true',
    );
    await left.getByRole('radio', { name: filled(strings.headName, 1, 3) }).focus();
    await page.keyboard.press('ArrowUp');
    await left.getByText(filled(strings.headName, 0, 3), { exact: true }).waitFor();
    const saved = await page.evaluate(() => window.compareStub.saved as { layer: number; head: number });
    assert.deepEqual([saved.layer, saved.head], [0, 3]);
    await left.getByText(strings.openVisualizer).click();
    await called(page, 'visualizer left 0');
  });

  it('shows tokens and special tokens on request', async () => {
    const page = await open({}, { width: 1000 });
    await page.getByLabel(strings.rowsAndColumns).selectOption('tokens');
    await page.getByRole('checkbox', { name: strings.showSpecial }).check();
    await frames(page);
    await hover(page, 'left', 0, 1);
    await page.locator('.readout', { hasText: '“[CLS]” looks at “The”: scope-bert' }).waitFor();
    const weights = weightsOf(sampleText, 'left', 0, 0);
    assert.ok((await page.locator('.readout').textContent())?.includes((weights[1] ?? 0).toFixed(4)));
    const n = tokensOf(sampleText, 'left').findIndex(({ piece }) => piece === '##se');
    await hover(page, 'left', n, 2);
    await page.locator('.readout', { hasText: 'as words, “because” looks at “cat”' }).waitFor();
  });

  it('asks again for weights that could not be read', async () => {
    const page = await open({ headFails: true });
    await page.getByText(strings.headFailed).first().waitFor();
    await page.locator('.matrices').getByRole('button', { name: strings.retry }).first().click();
    await page.getByText(strings.headFailed).waitFor({ state: 'detached' });
    await page.locator('[data-share=left] .measure').nth(1).waitFor();
  });

  it('fills the same blank in two ways and scores the candidates in the whole text', async () => {
    const page = await open({}, { saved: { tab: 'blanks' } });
    const { words } = readingOf(sampleText);
    const dog = words.findIndex(({ text }) => text === 'dog');
    await page.locator(`.word[data-word="${dog}"]`).click();
    await called(page, `blank ${dog}`);
    await page.locator('.own-word', { hasText: '“dog”' }).first().waitFor();
    const blank = blankOf(sampleText, dog);
    assert.ok(!('missing' in blank.left));
    const bars = page.locator('.blank [data-side=left] .bars li');
    assert.equal(await bars.count(), blank.left.candidates.length);
    assert.match((await bars.first().textContent()) ?? '', /dog\s*60%/);
    assert.match((await bars.first().getAttribute('class')) ?? '', /marked/);
    // The decoder's card strikes out what it cannot see.
    assert.ok((await page.locator('.blank [data-side=right] .unseen').textContent())?.startsWith(' came in'));
    assert.match((await page.locator('.in-context .marked').textContent()) ?? '', /dog\s*71% · −61\.2/);
    const score = clozeOf(sampleText).left;
    assert.ok(!('missing' in score));
    const bits = score.scores[dog]?.bits ?? 0;
    assert.ok(
      (await page.locator('.own-word').first().textContent())?.includes(
        `probability ${percent(2 ** -bits)} (${bits.toFixed(1)} bits)`,
      ),
    );
  });

  it('chooses the blank by keyboard and colours the words as asked', async () => {
    const page = await open({}, { saved: { tab: 'blanks' } });
    await page.locator('.word[tabindex="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await called(page, 'blank 3');
    assert.equal(await page.locator('.word[aria-selected=true]').textContent(), 'on');
    assert.equal(await page.locator('.word[data-word="2"]').getAttribute('data-tint'), 'easier-left');
    await page.getByLabel(strings.colour).selectOption('right');
    await page.locator('.word[data-word="2"].level-2.of-right').waitFor();
    assert.equal(await page.locator('.word[data-word="0"]').getAttribute('data-tint'), 'unasked');
  });

  it('counts the cloze test, says no more than it shows, and lists every word', async () => {
    const page = await open({}, { saved: { tab: 'blanks' }, width: 1000 });
    const row = page.locator('.cloze-table tr[data-side=left]');
    // 22 words; on the left every third from the second is right: 8.
    assert.match((await row.textContent()) ?? '', /36%\s*· 8 of 22 · 95%: 20% to 57%/);
    await page.locator('.findings', { hasText: /may well be chance/ }).waitFor();
    assert.equal(await page.locator('.word-table tbody tr').count(), 22);
    await page.getByLabel(strings.order).selectOption('right');
    await frames(page);
    const numbers = await page.locator('.word-table td.right').allTextContents();
    const bits = numbers.map((text) => Number(text)).filter((value) => !Number.isNaN(value));
    assert.deepEqual(
      bits,
      [...bits].sort((a, b) => b - a),
    );
    await page.getByText(strings.perplexityNote).waitFor();
  });
});
