import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packWeights } from '../../src/attention/packWeights';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { standaloneHtml } from '../../src/panels/standaloneHtml';
import { frames, hoverCell, readout } from './gestures';
import { usePages } from './usePages';
import {
  type Scenario,
  madeUpHead,
  madeUpLayers,
  madeUpStack,
  madeUpView,
  sentence,
  spansOf,
  translation,
} from './madeUpRun';
import { stackNames } from '../../src/protocol/seq2seq';

const hostile: readonly string[] = [
  '[CLS]',
  '</script>',
  '<img onerror=x>',
  '=1+1',
  '"a,b"',
  'שלום',
  '&amp;',
  '[SEP]',
];
const scenario: Scenario = { words: sentence, layers: 3, heads: 4 };
const saved = { layer: 1, head: 2 };

describe('keeping what the attention page shows', function () {
  this.timeout(60_000);
  const harness = usePages();

  const choose = async (page: Page, label: string): Promise<Buffer> => {
    await page.getByRole('button', { name: strings.exportMenu }).click();
    await page.getByRole('menuitem', { name: label }).click();
    await page.waitForFunction(() => window.stub.exported !== undefined);
    const base64 = await page.evaluate(() => {
      const bytes = new Uint8Array(window.stub.exported!);
      window.stub.exported = undefined;
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    });
    return Buffer.from(base64, 'base64');
  };

  it('as SVG: every cell with its number, hostile tokens as text', async () => {
    const words = { words: hostile, layers: 1, heads: 1 };
    const page = await harness.open({ state: { kind: 'ready', scenario: words } });
    const svg = (await choose(page, strings.exportSvg)).toString('utf8');
    const read = await page.evaluate((source) => {
      const document = new DOMParser().parseFromString(source, 'image/svg+xml');
      return {
        error: document.querySelector('parsererror')?.textContent ?? null,
        foreign: document.querySelectorAll('script, img, foreignObject').length,
        titles: [...document.querySelectorAll('title')].map((title) => title.textContent),
        texts: [...document.querySelectorAll('text')].map((text) => text.textContent),
      };
    }, svg);
    assert.equal(read.error, null);
    assert.equal(read.foreign, 0);
    const weight = madeUpHead(words, 0, 0)[2 * hostile.length + 1]!;
    assert.ok(
      read.titles.includes(`<img·onerror=x> → </script>: ${weight.toFixed(4)}`),
      read.titles[0] ?? '',
    );
    assert.ok(read.texts.includes('</script>'));
  });

  it('as PNG, twice as sharp as the screen', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario }, saved });
    const png = await choose(page, strings.exportPng);
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    assert.ok(png.readUInt32BE(16) > 1200, `${png.readUInt32BE(16)} pixels wide`);
    // A long text has a bitmap inside the drawing.
    const long: Scenario = {
      words: Array.from({ length: 200 }, (_, index) => `w${index}`),
      layers: 1,
      heads: 1,
    };
    const wide = await harness.open({ state: { kind: 'ready', scenario: long } });
    assert.ok((await choose(wide, strings.exportPng)).length > 10_000);
  });

  it('as CSV that spreadsheets read as text and numbers', async () => {
    const words = { words: hostile, layers: 1, heads: 1 };
    const page = await harness.open({ state: { kind: 'ready', scenario: words } });
    const csv = (await choose(page, strings.exportCsv)).toString('utf8');
    const lines = csv.replace(/^\ufeff/, '').split('\r\n');
    assert.equal(lines.length, hostile.length + 2);
    assert.equal(
      lines[0]?.startsWith(`,"[CLS]","</script>","<img·onerror=x>","'=1+1","""a,b"""`),
      true,
      lines[0],
    );
    const numbers = lines[3]!.split(',').slice(1).map(Number);
    numbers.forEach((value, key) => assert.equal(value, madeUpHead(words, 0, 0)[2 * hostile.length + key]));
  });

  it('as JSON with what is needed to know what it is', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario }, saved });
    const kept = JSON.parse((await choose(page, strings.exportJson)).toString('utf8')) as {
      layer: number;
      head: number;
      countedFrom: number;
      tokens: { text: string }[];
      weights: number[][];
    };
    assert.deepEqual([kept.layer, kept.head, kept.countedFrom], [1, 2, 0]);
    assert.equal(kept.tokens.length, sentence.length);
    assert.equal(kept.weights[4]?.[7], madeUpHead(scenario, 1, 2)[4 * sentence.length + 7]);
  });

  it('by keyboard, and Escape closes the menu', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario }, saved });
    await page.getByRole('button', { name: strings.exportMenu }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), strings.exportSvg);
    await page.keyboard.press('Escape');
    const menu = page.locator(`.menu-list[aria-label="${strings.exportMenu}"]`);
    assert.equal(await menu.isVisible(), false);
  });

  describe('as one HTML file', () => {
    const write = async (kept: Scenario, name: string): Promise<string> => {
      const packed = (kept.stacked ? stackNames : (['only'] as const)).map(
        (stack) => new Uint8Array(packWeights(madeUpLayers(kept, stack))),
      );
      const read = (file: string): Promise<Buffer> => readFile(join(harness.folder, file));
      const parts = {
        script: (await read('attention.js')).toString('utf8'),
        style: (await read('attention.css')).toString('utf8'),
        standalone: (await read('standalone.js')).toString('utf8'),
        font: await read('codicon.ttf'),
      };
      const state = { kind: 'ready', view: madeUpView(kept, 1) } as const;
      const look = {
        theme: 'vscode-dark',
        style: { '--vscode-editor-background': '#1f1f1f', '--vscode-foreground': '#cccccc' },
      };
      const html = await standaloneHtml(
        { locale: 'en', strings, standalone: false, state, compared: null },
        Buffer.concat(packed),
        look,
        parts,
      );
      const path = join(harness.folder, name);
      await writeFile(path, html);
      return path;
    };

    it('that works offline: hover, other heads, filters, patterns', async () => {
      const page = await harness.openFile(await write(scenario, 'kept.html'));
      assert.equal(
        await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
        'rgb(31, 31, 31)',
      );
      await page.locator('.cell[data-index="6"]').click();
      await page.waitForSelector('.plots:not(.stale)');
      await hoverCell(page, 4, 7, sentence.length);
      const expected = madeUpHead(scenario, 1, 2)[4 * sentence.length + 7]!;
      const shown = Number(/[\d.]+$/.exec(await readout(page))?.[0]);
      assert.ok(Math.abs(shown - expected) <= 0.01, `${shown} is not ${expected}`);
      await page.getByRole('button', { name: strings.hideSpecial, exact: true }).click();
      await frames(page);
      assert.equal(await page.locator('.chip').count(), sentence.length - 2);
      await page.getByRole('button', { name: strings.patternsTab, exact: true }).click();
      await page.locator('.chip-head').first().waitFor();
      assert.equal(await page.getByText(strings.testInduction).count(), 0);
      assert.equal(await page.getByRole('button', { name: strings.exportMenu }).count(), 0);
      assert.deepEqual(harness.problems, []);
    });

    it('with every stack of an encoder-decoder', async () => {
      const page = await harness.openFile(await write(translation, 'stacks.html'));
      const border = translation.secondFrom ?? 0;
      await page.locator('.cell[data-index="6"]').click();
      for (const [label, name, query, key] of [
        [strings.stackEncoder, 'encoder', 2, 5],
        [strings.stackDecoder, 'decoder', border + 5, border + 1],
        [strings.stackCross, 'cross', border + 2, 4],
      ] as const) {
        await page.getByRole('button', { name: label, exact: true }).click();
        await page.waitForSelector('.plots:not(.stale)');
        await page.locator(`#token-${query}`).click();
        await page.locator(`#token-${key}`).hover();
        const [queries, keys] = spansOf(translation)[name];
        const weights = madeUpStack(translation, name, 1, 2);
        const expected = weights[(query - queries[0]) * (keys[1] - keys[0]) + key - keys[0]] ?? NaN;
        const shown = Number(/[\d.]+$/.exec(await readout(page))?.[0]);
        assert.ok(Math.abs(shown - expected) <= 0.01, `${label}: ${shown} is not ${expected}`);
        await page.keyboard.press('Escape');
      }
      assert.deepEqual(harness.problems, []);
    });

    it('with hostile tokens inside', async () => {
      const page = await harness.openFile(
        await write({ words: hostile, layers: 1, heads: 1 }, 'hostile.html'),
      );
      assert.deepEqual((await page.locator('.chip').allTextContents()).slice(1, 3), [
        '</script>',
        '<img·onerror=x>',
      ]);
      assert.deepEqual(harness.problems, []);
    });

    it('under 3 MB for 12 × 12 heads at 128 tokens', async () => {
      const large: Scenario = {
        words: Array.from({ length: 128 }, (_, index) => `word${index % 40}`),
        layers: 12,
        heads: 12,
      };
      const { size } = await stat(await write(large, 'large.html'));
      assert.ok(size < 3e6, `${size} bytes`);
    });
  });
});
