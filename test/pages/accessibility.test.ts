import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { violations } from './axe';
import { Harness } from './harness';
import { sentence } from './madeUpRun';
import type { StubState } from './stubHost';
import type { ThemeName } from './themes';

const states: Readonly<Record<string, StubState>> = {
  ready: { kind: 'ready', scenario: { words: sentence, layers: 3, heads: 4, totalTokens: 90 } },
  empty: { kind: 'empty' },
  busy: { kind: 'busy', phase: 'loading' },
  failed: {
    kind: 'failed',
    message: 'The inference process stopped.',
    detail: 'exit code 134',
    action: 'retry',
  },
};
const themes: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

describe('attention page for everyone', function () {
  this.timeout(60_000);
  let harness: Harness;
  let axeSource: string;

  before(async () => {
    harness = await Harness.start();
    axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  after(async () => {
    await harness.stop();
  });
  afterEach(async () => {
    await harness.closePages();
  });

  for (const theme of themes) {
    for (const [name, state] of Object.entries(states)) {
      it(`has no violations when ${name} in ${theme}`, async () => {
        const page = await harness.open({ state, theme });
        assert.deepEqual(await violations(page, axeSource), []);
        if (name === 'ready') {
          await page.locator('#token-9').click();
          // Everything that can be opened, open at once, then the side lists one by one.
          await page.locator(`.header vscode-button[title="${strings.help}"]`).click();
          await page.locator(`.header vscode-button[title="${strings.editText}"]`).click();
          await page.getByRole('button', { name: strings.hideSpecial, exact: true }).click();
          await page.getByRole('button', { name: strings.exportMenu }).click();
          assert.deepEqual(await violations(page, axeSource), []);
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: strings.patternsTab, exact: true }).click();
          await page.locator('.chip-head').first().waitFor();
          assert.deepEqual(await violations(page, axeSource), []);
          await page.locator('#token-4').dblclick();
          await page.locator('.predictions').waitFor();
          await page.getByRole('button', { name: strings.lensOpen, exact: true }).click();
          await page.locator('.layers').waitFor();
          assert.deepEqual(await violations(page, axeSource), []);
          await page.getByRole('button', { name: strings.numberTab, exact: true }).click();
          await page.locator('.steps details summary').click();
          assert.deepEqual(await violations(page, axeSource), []);
        }
      });
    }
  }

  for (const [name, state] of Object.entries(states)) {
    it(`fits a width of 300 pixels when ${name}`, async () => {
      const page = await harness.open({ state, width: 300, height: 700 });
      const fits = (): Promise<boolean> =>
        page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
      assert.ok(await fits());
      if (name === 'ready') {
        await page.getByRole('button', { name: strings.patternsTab, exact: true }).click();
        await page.getByRole('button', { name: strings.hideSpecial, exact: true }).click();
        await page.locator(`.header vscode-button[title="${strings.editText}"]`).click();
        assert.ok(await fits());
        await page.locator('.chip').nth(2).dblclick();
        await page.getByRole('button', { name: strings.lensOpen, exact: true }).click();
        await page.locator('.layers').waitFor();
        assert.ok(await fits());
        await page.getByRole('button', { name: strings.numberTab, exact: true }).click();
        await page.locator('.steps details summary').click();
        assert.ok(await fits());
      }
    });
  }

  it('redraws in the colours of another theme', async () => {
    const page = await harness.open({ state: states['ready']!, theme: 'dark' });
    const before = await corner(page);
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-editor-background', '#ffffff');
      document.body.className = 'vscode-light';
    });
    await page.waitForTimeout(200);
    const after = await corner(page);
    assert.notDeepEqual(after, before);
  });
});

/** The weakest pixel of the first small picture, dark or light as the theme is. */
async function corner(page: Page): Promise<number[]> {
  return page.locator('.overview-canvas').evaluate((canvas) => {
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    return Array.from(context?.getImageData(10, 2, 1, 1).data ?? []);
  });
}
